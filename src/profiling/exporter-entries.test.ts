import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { parse } from 'yaml'
import { metrics } from '../core/batch.ts'
import { batchRecords } from '../core/batch-records.ts'
import { createContext } from '../core/context.ts'
import { Secret } from '../core/secret.ts'
import { series } from '../core/series.ts'
import { FilteringExporter } from '../delivery/filtering.ts'
import { type ExporterEntry, exporterEntries } from './exporter-entries.ts'
import { ScriptedExporter } from './scripted.fixture.ts'

/** The file of a Kubernetes ConfigMap as others write it. */
const configMap = `
exporters:
  - name: prometheus
    type: prometheus
    config:
      pushgateway_url: http://prometheus-pushgateway:9091
      job_name: my-profiling
      labels:
        environment: production
        cluster: k8s-prod
  - name: datadog
    type: datadog
    config:
      api_key_secret: datadog-api-key
      site: datadoghq.com
      tags: ["environment:production", "service:shop"]
`

interface Files {
  readonly [path: string]: string
}

const missing = (path: string): never => {
  throw Object.assign(new Error(path), { code: 'ENOENT' })
}

const read = (
  text: string,
  { files = {}, env = {}, ...options }: { files?: Files; env?: Record<string, string>; secretsDirectory?: string } = {},
) => exporterEntries(parse(text), { path: 'exporters.yaml', env, readFile: (path) => files[path] ?? missing(path), ...options })

const revealed = ({ config }: ExporterEntry, name: string) => {
  const secret = config[name]
  assert.ok(secret instanceof Secret)
  return secret.reveal()
}

test('003-50 003-51 003-53 F18 the file of a ConfigMap as it stands, its key from the mounted secret', () => {
  const entries = read(configMap, { files: { '/etc/secrets/datadog-api-key': 'k3y\n' } })
  const [prometheus, datadog] = entries
  assert.deepEqual(prometheus, {
    name: 'prometheus',
    type: 'prometheus',
    config: {
      pushgateway_url: 'http://prometheus-pushgateway:9091',
      job_name: 'my-profiling',
      labels: { environment: 'production', cluster: 'k8s-prod' },
    },
  })
  assert.equal(revealed(datadog!, 'api_key'), 'k3y')
  assert.deepEqual(Object.keys(datadog!.config), ['api_key', 'site', 'tags'])
  assert.ok(!inspect(entries, { depth: 9 }).includes('k3y'))
})

test('003-53 F18 the directory of secrets can be another, and a variable of its name stands in for a secret that is not mounted', () => {
  const files = { '/run/mounted/datadog-api-key': 'from file' }
  const env = { DATADOG_API_KEY: 'from env' }
  assert.equal(revealed(read(configMap, { files, env, secretsDirectory: '/run/mounted' })[1]!, 'api_key'), 'from file')
  assert.equal(revealed(read(configMap, { files, env })[1]!, 'api_key'), 'from env')
})

test('003-53 F18 the name of a secret is never taken for the key: one that is not there, or empty, is an error with its place', () => {
  const at = 'exporters.yaml: exporters[1].config.api_key_secret'
  assert.throws(() => read(configMap), {
    code: 'CONFIG_UNREADABLE_SECRET',
    at,
    message: 'there is no secret datadog-api-key: cannot read /etc/secrets/datadog-api-key (ENOENT), and DATADOG_API_KEY is not set',
  })
  assert.throws(() => read(configMap, { files: { '/etc/secrets/datadog-api-key': ' ' } }), {
    code: 'CONFIG_UNREADABLE_SECRET',
    at,
    message: /is empty/,
  })
  for (const name of ['../passwd', '/etc/passwd', '.hidden', ''])
    assert.throws(() => read(configMap.replace('datadog-api-key', JSON.stringify(name))), {
      code: 'INVALID_CONFIG',
      at,
      message: /not the name/,
    })
})

test('F18 variables stand in any text, keys and passwords are secrets, and one that is not set is an error', () => {
  const text = `
exporters:
  - type: datadog
    config: { api_key: "\${KEY}", site: "datadoghq.\${TLD}", auth: { token: t }, port: 1, tags: ["\${TLD}"] }`
  const [entry] = read(text, { env: { KEY: 'k', TLD: 'eu' } })
  assert.deepEqual([entry!.name, entry!.config.site, entry!.config.port, entry!.config.tags], ['datadog', 'datadoghq.eu', 1, ['eu']])
  assert.equal(revealed(entry!, 'api_key'), 'k')
  assert.ok((entry!.config.auth as { token: unknown }).token instanceof Secret)
  assert.throws(() => read(text, { env: { TLD: 'eu' } }), {
    code: 'CONFIG_UNDEFINED_VARIABLE',
    at: 'exporters.yaml: exporters[0].config.api_key',
    message: 'the environment variable KEY is not set',
  })
})

test('003-66 F18 one that is not enabled is left out, and its secrets are not looked for', () => {
  assert.deepEqual(
    read(configMap.replace('type: datadog\n', 'type: datadog\n    enabled: false\n')).map(({ name }) => name),
    ['prometheus'],
  )
})

test('003-66 F18 filters stand with the exporter', async () => {
  const [entry] = read('exporters: [{ type: a, filters: { include_metrics: ["avg_*"] } }]')
  const exporter = new ScriptedExporter('a')
  const point = (name: string) => ({ series: series(name), timeMs: 1, value: 1 })
  const filtering = new FilteringExporter(exporter, { ...entry!.filters!, records: batchRecords })
  await filtering.export(new Date(0), metrics([point('avg_latency_ms'), point('error_rate')]), createContext())
  assert.deepEqual([exporter.counts, filtering.filteredCount()], [[1], 1])
})

test('what is no such file is refused, with the place', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['[]', 'exporters.yaml', /no list/],
    ['exporters: {}', 'exporters.yaml', /no list/],
    ['{ exporters: [], pipelines: [] }', 'exporters.yaml', /"pipelines"/],
    ['exporters: [1]', 'exporters.yaml: exporters[0]', /no exporter/],
    ['exporters: [{ name: a }]', 'exporters.yaml: exporters[0]', /needs a `type`/],
    ['exporters: [{ type: a, name: 1 }]', 'exporters.yaml: exporters[0]', /name/],
    ['exporters: [{ type: a, retry: {} }]', 'exporters.yaml: exporters[0]', /"retry"/],
    ['exporters: [{ type: a, config: [] }]', 'exporters.yaml: exporters[0].config', /settings/],
    ['exporters: [{ type: a, enabled: "no" }]', 'exporters.yaml: exporters[0].enabled', /neither/],
    ['exporters: [{ type: a, filters: 1 }]', 'exporters.yaml: exporters[0].filters', /filters/],
    ['exporters: [{ type: a, filters: { only: [] } }]', 'exporters.yaml: exporters[0].filters', /no setting "only"/],
    ['exporters: [{ type: a, filters: { time_filter: { from: noon } } }]', 'exporters.yaml: exporters[0].filters', /time of day/],
    ['exporters: [{ type: a }, { type: b, name: a }]', 'exporters.yaml', /two exporters have the name a/],
  ]
  for (const [text, at, message] of cases) assert.throws(() => read(text), { code: 'INVALID_CONFIG', at, message })
})
