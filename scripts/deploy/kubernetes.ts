import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LoadedConfig } from '../../src/agent/config/load.ts'
import { isLoopback, parseListenAddress } from '../../src/core/listen-address.ts'
import { apiPaths } from './api-paths.ts'
import { checkConfiguration } from './configuration.ts'
import { type Manifest, manifest, type OfKind } from './manifests.ts'
import { readYaml } from './read-yaml.ts'

/** What is wrong with the manifests in `folder`: each by itself, as they refer to each other, and as the configuration wants them. */
export async function kubernetesProblems(folder: string): Promise<readonly string[]> {
  const read = globSync('*.yaml', { cwd: folder })
    .sort()
    .map((name) => readYaml(readFileSync(join(folder, name), 'utf8'), `kubernetes/${name}`, manifest))
  const misshapen = read.flatMap(({ problems }) => problems)
  if (misshapen.length > 0) return misshapen
  const manifests = read.flatMap(({ values }) => values)
  const deployments = ofKind(manifests, 'Deployment')
  const problems = deployments.map((deployment) => deploymentProblems(deployment, manifests))
  return [
    ...(deployments.length > 0 ? [] : ['kubernetes: there is no Deployment']),
    ...(await Promise.all(problems)).flat(),
    ...ofKind(manifests, 'Service').flatMap((service) => serviceProblems(service, deployments)),
  ]
}

async function deploymentProblems(deployment: OfKind<'Deployment'>, manifests: readonly Manifest[]): Promise<readonly string[]> {
  const { selector, template } = deployment.spec
  const [container] = template.spec.containers
  const mounted = mountedFiles(deployment, manifests)
  const text = mounted.get('/etc/waybill/waybill.yaml')
  const { config, problems } =
    text === undefined
      ? { problems: ['nothing is mounted at /etc/waybill/waybill.yaml'] }
      : await checkConfiguration(text, 'waybill.yaml', [...mounted.keys()])
  const data = container.volumeMounts.find(({ mountPath }) => mountPath === '/var/lib/waybill')
  return [
    ...problems,
    ...volumeProblems(deployment, manifests),
    ...(config ? agreementProblems(deployment, config) : []),
    ...(matches(selector.matchLabels, template.metadata.labels) ? [] : ['the selector does not match the labels of its pods']),
    ...(data && !data.readOnly ? [] : ['there is no volume to write to at /var/lib/waybill']),
  ].map((problem) => `kubernetes Deployment ${deployment.metadata.name}: ${problem}`)
}

function volumeProblems({ spec }: OfKind<'Deployment'>, manifests: readonly Manifest[]): readonly string[] {
  const { volumes, containers } = spec.template.spec
  const [{ volumeMounts }] = containers
  const isThere = (kind: Manifest['kind'], name: string) => manifests.some((one) => one.kind === kind && one.metadata.name === name)
  const missing = volumes.flatMap((volume) => {
    const [kind, name] = referenceOf(volume)
    return isThere(kind, name) ? [] : [`the volume ${volume.name} needs the ${kind} ${name}, which is not there`]
  })
  const unknown = volumeMounts.filter(({ name }) => !volumes.some((volume) => volume.name === name))
  const unused = volumes.filter(({ name }) => !volumeMounts.some((mount) => mount.name === name))
  return [
    ...missing,
    ...unknown.map(({ name, mountPath }) => `${mountPath} mounts the volume ${name}, which is not there`),
    ...unused.map(({ name }) => `the volume ${name} is mounted nowhere`),
  ]
}

/** Probes and times against the configuration that the pod runs. */
function agreementProblems({ spec }: OfKind<'Deployment'>, { file }: LoadedConfig): readonly string[] {
  const { containers, terminationGracePeriodSeconds } = spec.template.spec
  const [{ ports, livenessProbe, readinessProbe }] = containers
  const address = parseListenAddress(file.api.listen)
  const probes = [livenessProbe, readinessProbe].flatMap(({ httpGet: { path, port } }) => {
    const number = typeof port === 'number' ? port : ports.find(({ name }) => name === port)?.containerPort
    return [
      ...(apiPaths.includes(path) ? [] : [`a probe asks for ${path}, which the API does not have`]),
      ...(number === address.port ? [] : [`a probe asks port ${port}, and the API listens on ${address.port}`]),
    ]
  })
  return [
    ...probes,
    ...(isLoopback(address) ? ['the API listens on loopback, where no probe reaches it'] : []),
    ...(terminationGracePeriodSeconds * 1000 > file.stopTimeout ? [] : ['terminationGracePeriodSeconds is not more than stop_timeout']),
  ]
}

function serviceProblems({ metadata, spec }: OfKind<'Service'>, deployments: readonly OfKind<'Deployment'>[]): readonly string[] {
  const at = `kubernetes Service ${metadata.name}`
  const behind = deployments.find((deployment) => matches(spec.selector, deployment.spec.template.metadata.labels))
  if (!behind) return [`${at}: its selector matches no pods`]
  const [{ ports }] = behind.spec.template.spec.containers
  return spec.ports
    .filter(({ targetPort }) => !ports.some(({ name, containerPort }) => name === targetPort || containerPort === targetPort))
    .map(({ targetPort }) => `${at}: the pods have no port ${targetPort}`)
}

/** The text of each file that config maps and secrets put into the container, by path. */
function mountedFiles({ spec }: OfKind<'Deployment'>, manifests: readonly Manifest[]): ReadonlyMap<string, string> {
  const { volumes, containers } = spec.template.spec
  const files = containers[0].volumeMounts.flatMap(({ name, mountPath }) => {
    const volume = volumes.find((volume) => volume.name === name)
    const [kind, wanted] = volume ? referenceOf(volume) : []
    const source = manifests.find((one) => one.kind === kind && one.metadata.name === wanted)
    const content = source?.kind === 'ConfigMap' ? source.data : source?.kind === 'Secret' ? source.stringData : {}
    return Object.entries(content).map(([key, text]) => [`${mountPath}/${key}`, text] as const)
  })
  return new Map(files)
}

type Volume = OfKind<'Deployment'>['spec']['template']['spec']['volumes'][number]

function referenceOf(volume: Volume): readonly [kind: Manifest['kind'], name: string] {
  if ('configMap' in volume) return ['ConfigMap', volume.configMap.name]
  if ('secret' in volume) return ['Secret', volume.secret.secretName]
  return ['PersistentVolumeClaim', volume.persistentVolumeClaim.claimName]
}

const ofKind = <Kind extends Manifest['kind']>(manifests: readonly Manifest[], kind: Kind) =>
  manifests.filter((one): one is OfKind<Kind> => one.kind === kind)

const matches = (selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>) =>
  Object.entries(selector).every(([key, value]) => labels[key] === value)
