import { type Cluster, claimGib, clusterName, gib, prices } from './cluster.ts'

/** What `/metrics` answers: Prometheus text (https://prometheus.io/docs/instrumenting/exposition_formats), in pieces. */
export function* metricsText(cluster: Cluster): Generator<string> {
  const nodes = Array.from({ length: cluster.size.nodes }, (_, index) => cluster.node(index))
  const ofNodes = (value: (node: (typeof nodes)[number]) => number) =>
    nodes.map((node) => {
      const { name, instanceType, zone } = node
      const region = zone.slice(0, -1)
      return [{ arch: 'amd64', instance: name, instance_type: instanceType, node: name, provider_id: name, region }, value(node)] as const
    })
  const hourly = ({ cores, ramBytes, gpus }: (typeof nodes)[number]) =>
    cores * prices.cpu + (ramBytes / gib) * prices.ramGiB + gpus * prices.gpu
  yield* family(
    'node_cpu_hourly_cost',
    'Hourly cost for each CPU on this node',
    ofNodes(() => prices.cpu),
  )
  yield* family(
    'node_ram_hourly_cost',
    'Hourly cost for each GiB of memory on this node',
    ofNodes(() => prices.ramGiB),
  )
  yield* family(
    'node_gpu_hourly_cost',
    'Hourly cost for each GPU on this node',
    ofNodes(({ gpus }) => (gpus ? prices.gpu : 0)),
  )
  yield* family(
    'node_gpu_count',
    'Count of GPUs on this node',
    ofNodes(({ gpus }) => gpus),
  )
  yield* family('node_total_hourly_cost', 'Total node cost per hour', ofNodes(hourly))
  yield* family(
    'kubecost_node_is_spot',
    'Whether the node is a spot instance',
    ofNodes(({ spot }) => Number(spot)),
  )
  yield* family('pv_hourly_cost', 'Cost per GiB per hour on a persistent disk', volumes(cluster))
  yield* family('pod_pvc_allocation', 'Bytes used by a PVC attached to a pod', claims(cluster))
  yield* family('kubecost_cluster_management_cost', 'Hourly cost paid as a cluster management fee', [
    [{ provisioner_name: 'Simulated' }, prices.management],
  ])
  yield* family('kubecost_load_balancer_cost', 'Hourly cost of load balancer', [
    [{ ingress_ip: '203.0.113.1', namespace: cluster.namespace(1), service_name: 'ingress' }, prices.loadBalancer],
  ])
  for (const [reach, price] of [
    ['zone', 0.01],
    ['region', 0.01],
    ['internet', 0.12],
  ] as const)
    yield* family(`kubecost_network_${reach}_egress_cost`, `Total cost per GB of ${reach} egress`, [[{}, price]])
  yield* family(
    'container_cpu_allocation',
    'Percent of a single CPU used in a minute',
    containers(cluster, ({ cpuRequest, cpuUsage }) => Math.max(cpuRequest, cpuUsage)),
  )
  yield* family(
    'container_memory_allocation_bytes',
    'Bytes of RAM used',
    containers(cluster, ({ ramRequest, ramUsage }) => Math.max(ramRequest, ramUsage)),
  )
  yield* family(
    'container_gpu_allocation',
    'GPU used',
    containers(cluster, ({ gpus }) => gpus),
  )
  yield* family('kubecost_cluster_info', 'Cluster metadata, as labels', [[{ id: clusterName, provider: 'Simulated', version: '1.33' }, 1]])
  yield* family('opencost_build_info', 'Build information', [[{ revision: 'simulated', version: 'simulated' }, 0]])
}

type Labels = Readonly<Record<string, string>>
type Samples = Generator<readonly [Labels, number]>

function* volumes(cluster: Cluster): Samples {
  const volume = (name: string): Labels => ({ persistentvolume: name, provider_id: name, volumename: name })
  for (let index = 0; index < cluster.size.nodes; index++) yield [volume(`${cluster.node(index).name}-disk`), prices.diskGiB]
  for (const [{ persistentvolume }] of claims(cluster)) yield [volume(persistentvolume!), prices.diskGiB]
}

/** One for each pod of a stateful set. */
function* claims(cluster: Cluster): Samples {
  for (let index = 0; index < cluster.size.pods; index++) {
    const { controllerKind, namespace, pod } = cluster.pod(index)
    if (controllerKind === 'statefulset')
      yield [{ namespace, persistentvolume: `pvc-${pod}`, persistentvolumeclaim: `data-${pod}`, pod }, claimGib * gib]
  }
}

function* containers(cluster: Cluster, value: (container: ReturnType<Cluster['pod']>['containers'][number]) => number): Samples {
  for (let index = 0; index < cluster.size.pods; index++) {
    const { containers, namespace, node, pod } = cluster.pod(index)
    for (const container of containers) yield [{ container: container.name, instance: node, namespace, node, pod }, value(container)]
  }
}

function* family(name: string, help: string, samples: Iterable<readonly [Labels, number]>): Generator<string> {
  yield `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`
  for (const [labels, value] of samples) {
    const text = Object.entries(labels).map(([label, of]) => `${label}=${JSON.stringify(of)}`)
    yield `${name}${text.length > 0 ? `{${text.join()}}` : ''} ${value}\n`
  }
}
