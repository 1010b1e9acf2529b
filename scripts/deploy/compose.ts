import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { parseDuration } from '../../src/core/duration.ts'
import { toError } from '../../src/core/result.ts'
import { profilingFromEnv } from '../../src/profiling/profiling-from-env.ts'
import { checkConfiguration } from './configuration.ts'
import { readYaml } from './read-yaml.ts'

const profilingVariables = [
  'ENABLED',
  'SAMPLE_RATE',
  'BUFFER_SIZE',
  'FLUSH_INTERVAL_SECONDS',
  'TRACK_MEMORY',
  'PROMETHEUS_PUSHGATEWAY_URL',
  'DATADOG_API_KEY',
  'OTEL_ENDPOINT',
  'EXPORTERS',
  'EXPORTERS_CONFIG',
].map((name) => `PROFILING_${name}`)

const service = z.strictObject({
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  image: z.string(),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: z.array(z.string().regex(/^[A-Z_]+=/, 'must be NAME=value')).default([]),
  depends_on: z.array(z.string()).default([]),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  stop_grace_period: z.string().default('10s'),
  restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']).optional(),
  healthcheck: z.strictObject({ disable: z.boolean() }).optional(),
  volumes: z.array(z.string().regex(/^[^:]+:[^:]+(:ro)?$/, 'must be source:target or source:target:ro')).default([]),
  secrets: z.array(z.string()).default([]),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/, 'must be 127.0.0.1:port:port')).default([]),
})

/** As far as it is used here; a key that is not named is taken for a misspelt one. After https://docs.docker.com/reference/compose-file/. */
const compose = z.strictObject({
  services: z.record(z.string(), service),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
  volumes: z.record(z.string(), z.null()),
})

const prometheus = z.strictObject({
  scrape_configs: z.array(
    z.strictObject({
      job_name: z.string(),
      scrape_interval: z.string().optional(),
      honor_labels: z.boolean().optional(),
      authorization: z.strictObject({ credentials_file: z.string() }).optional(),
      static_configs: z.array(z.strictObject({ targets: z.array(z.string()) })),
    }),
  ),
})

type Compose = z.output<typeof compose>
type Service = z.output<typeof service>

/** What is wrong with the docker-compose.yaml in `folder` and with the files that it mounts. */
export async function composeProblems(folder: string): Promise<readonly string[]> {
  const name = 'docker-compose.yaml'
  const { values, problems } = readYaml(readFileSync(join(folder, name), 'utf8'), name, compose)
  const [file] = values
  if (!file) return problems
  const found = await Promise.all(
    Object.entries(file.services).map(async ([of, service]) =>
      [
        ...referenceProblems(service, file, folder),
        ...variableProblems(service, file),
        ...(await mountProblems(service, file, folder)),
      ].map((problem) => `${name}: services.${of}: ${problem}`),
    ),
  )
  return [...problems, ...found.flat()]
}

function referenceProblems(service: Service, file: Compose, folder: string): readonly string[] {
  const sources = service.volumes.map((volume) => volume.split(':')[0]!)
  const { build } = service
  return [
    ...missing('service', service.depends_on, file.services),
    ...missing('secret', service.secrets, file.secrets),
    ...missing(
      'volume',
      sources.filter((source) => !source.startsWith('.')),
      file.volumes,
    ),
    ...[...sources.filter((source) => source.startsWith('.')), ...(build ? [join(build.context, build.dockerfile)] : [])]
      .filter((path) => !existsSync(join(folder, path)))
      .map((path) => `there is no file ${path}`),
  ]
}

/** The variables for profiling, read as an application does, and the services that they name. */
function variableProblems({ environment }: Service, { services }: Compose): readonly string[] {
  const env = Object.fromEntries(environment.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]))
  const unknown = Object.keys(env).filter((name) => name.startsWith('PROFILING_') && !profilingVariables.includes(name))
  const hosts = Object.values(env).flatMap((value) => /^https?:\/\/([^:/]+)/.exec(value)?.[1] ?? [])
  const problems = [...unknown.map((name) => `there is no variable ${name}`), ...missing('service', hosts, services)]
  try {
    profilingFromEnv({ env })
    return problems
  } catch (thrown) {
    return [...problems, toError(thrown).message]
  }
}

const missing = (what: string, names: readonly string[], there: Readonly<Record<string, unknown>>) =>
  names.filter((name) => !Object.hasOwn(there, name)).map((name) => `there is no ${what} ${name}`)

/** The configurations that are mounted, read as their programs do. */
async function mountProblems(service: Service, file: Compose, folder: string): Promise<readonly string[]> {
  const problems: string[] = []
  const secrets = service.secrets.map((name) => `/run/secrets/${name}`)
  for (const [source, target] of service.volumes.map((volume) => volume.split(':') as [string, string])) {
    if (!source.startsWith('.') || !existsSync(join(folder, source))) continue
    const text = readFileSync(join(folder, source), 'utf8')
    if (target === '/etc/waybill/waybill.yaml') {
      const { config, problems: found } = await checkConfiguration(text, source, secrets)
      problems.push(...found)
      if (config && parseDuration(service.stop_grace_period) <= config.file.stopTimeout)
        problems.push('stop_grace_period is not more than stop_timeout')
    }
    if (target === '/etc/prometheus/prometheus.yml') problems.push(...prometheusProblems(text, source, secrets, file))
  }
  return problems
}

function prometheusProblems(text: string, path: string, secrets: readonly string[], { services }: Compose): readonly string[] {
  const { values, problems } = readYaml(text, path, prometheus)
  const jobs = values.flatMap(({ scrape_configs }) => scrape_configs)
  const targets = jobs.flatMap(({ static_configs }) => static_configs.flatMap(({ targets }) => targets))
  return [
    ...problems,
    ...targets
      .filter((target) => !Object.hasOwn(services, target.split(':')[0]!))
      .map((target) => `${path}: the target ${target} is no service`),
    ...jobs
      .flatMap(({ authorization }) => (authorization ? [authorization.credentials_file] : []))
      .filter((file) => !secrets.includes(file))
      .map((file) => `${path}: ${file} is not among the secrets`),
  ]
}
