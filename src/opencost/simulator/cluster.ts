import { chance } from './random.ts'

/** How large a made-up cluster is. */
export interface ClusterSize {
  readonly namespaces: number
  readonly pods: number
  readonly nodes: number
  /** Another number, another cluster. */
  readonly seed: number
}

export interface Pod {
  readonly namespace: string
  readonly node: string
  /** Empty for a pod of its own. */
  readonly controller: string
  readonly controllerKind: string
  readonly pod: string
  readonly app: string
  readonly containers: readonly Container[]
}

export interface Container {
  readonly name: string
  readonly cpuRequest: number
  readonly cpuUsage: number
  readonly ramRequest: number
  readonly ramUsage: number
  readonly gpus: number
}

export interface Node {
  readonly name: string
  readonly instanceType: string
  readonly zone: string
  readonly cores: number
  readonly ramBytes: number
  readonly gpus: number
  readonly spot: boolean
}

/** In US dollars an hour: a core, a GiB of memory, a GPU, a GiB of disk, a load balancer, the control plane. */
export const prices = { cpu: 0.031611, ramGiB: 0.004237, gpu: 0.95, diskGiB: 0.000055, loadBalancer: 0.025, management: 0.1 } as const
export const gib = 2 ** 30
/** What each pod of a stateful set has claimed of a disk. */
export const claimGib = 10
export const clusterName = 'simulated'

const apps = ['web', 'api', 'worker', 'cache', 'search', 'billing', 'auth', 'mail', 'queue', 'report'] as const
const kinds = ['deployment', 'deployment', 'deployment', 'statefulset', 'daemonset', 'job'] as const

/** A cluster that is the same whenever it is asked, and made only as far as it is looked at. */
export class Cluster {
  readonly size: ClusterSize

  constructor(size: ClusterSize) {
    this.size = size
  }

  pod(index: number): Pod {
    const { seed, namespaces, nodes } = this.size
    const app = apps[Math.floor(chance(seed, index, 1) * apps.length)]!
    const kind = kinds[Math.floor(chance(seed, index, 2) * kinds.length)]!
    // One in 16 was started by hand and has no controller.
    const alone = chance(seed, index, 3) < 1 / 16
    const controller = `${app}-${index}`
    const count = 1 + Math.floor(chance(seed, index, 4) * 3)
    return {
      namespace: this.namespace(Math.floor(chance(seed, index, 5) * namespaces)),
      node: nodeName(Math.floor(chance(seed, index, 6) * nodes)),
      controller: alone ? '' : controller,
      controllerKind: alone ? '' : kind,
      pod: `${controller}-${Math.floor(chance(seed, index, 7) * 36 ** 5).toString(36)}`,
      app,
      containers: Array.from({ length: count }, (_, at) => this.#container(controller, index, at)),
    }
  }

  namespace(index: number): string {
    return index === 0 ? 'kube-system' : `team-${index}`
  }

  node(index: number): Node {
    const { seed } = this.size
    const cores = 2 ** (2 + Math.floor(chance(seed, index, 20) * 3))
    const gpus = chance(seed, index, 21) < 0.1 ? 1 : 0
    const zone = `simulated-1${'abc'[Math.floor(chance(seed, index, 22) * 3)]}`
    const spot = chance(seed, index, 23) < 0.3
    return {
      name: nodeName(index),
      instanceType: `standard-${cores}${gpus ? '-gpu' : ''}`,
      zone,
      cores,
      ramBytes: cores * 4 * gib,
      gpus,
      spot,
    }
  }

  #container(controller: string, pod: number, at: number): Container {
    const random = (what: number) => chance(this.size.seed, pod, at, what)
    // One in 12 asks for nothing, and half of these do nothing.
    const asks = random(10) >= 1 / 12
    const idle = !asks && random(11) < 0.5
    const cpu = 0.01 + random(12) ** 3 * 2
    const ram = Math.round((0.03 + random(13) ** 2 * 4) * gib)
    return {
      name: at === 0 ? controller : `${controller}-${['', 'proxy', 'logs'][at]}`,
      cpuRequest: asks ? cpu : 0,
      cpuUsage: idle ? 0 : cpu * random(14) * 1.2,
      ramRequest: asks ? ram : 0,
      ramUsage: idle ? 0 : Math.round(ram * (0.3 + random(15) * 0.8)),
      gpus: random(16) < 0.01 ? 1 : 0,
    }
  }
}

const nodeName = (index: number): string => `node-${index}`
