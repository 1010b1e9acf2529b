import { type LoadedConfig, loadText } from '../../../agent/config/load.ts'
import { ConfigError, type Problem } from '../../../agent/config/problems.ts'
import type { AnyPlugin } from '../../../core/plugin.ts'
import type { MonitorPlan } from './plan.ts'
import { usage } from './usage.ts'

/** Exporters of this process: each is added under the name of its type. `shown` are fed with cubestat's names, whatever the naming. */
export interface OwnPlugins {
  readonly shown: readonly AnyPlugin[]
  readonly others: readonly AnyPlugin[]
}

/** The agent's configuration that does what the plan says. Rejects with WaybillError `INVALID_OPTION` where an option is refused by its plugin. */
export async function configurationOf(plan: MonitorPlan, { shown, others }: OwnPlugins): Promise<LoadedConfig> {
  const file = fileOf(plan, typesOf(shown), typesOf(others))
  try {
    return await loadText(textOf(file), { path: 'the options of waybill system', plugins: [...shown, ...others] })
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown
    throw usage(thrown.problems.map((problem) => inFlags(problem, plan)).join('\n'))
  }
}

const typesOf = (plugins: readonly AnyPlugin[]): readonly string[] => plugins.map(({ type }) => type)

/** What is printed cannot be taken back and tried again: a reader may take its time. */
const unlimited = '7d'

/** In the form of waybill.yaml. What is shown goes by cubestat's names, so other names take a second source. */
function fileOf({ exporters, naming, refreshMs }: MonitorPlan, shown: readonly string[], others: readonly string[]): object {
  const outputs = [...exporters.map(({ name }) => name), ...others]
  const flows =
    naming === 'cubestat'
      ? [{ name: 'system', naming, to: [...outputs, ...shown] }]
      : [
          { name: 'system', naming, to: outputs },
          { name: 'view', naming: 'cubestat', to: shown },
        ].filter(({ to }) => to.length > 0)
  return {
    api: { enabled: false },
    stop_timeout: '5s',
    sources: flows.map(({ name, naming }) => ({ name, type: 'system', interval: `${refreshMs}ms`, config: { naming } })),
    exporters: [...exporters, ...[...others, ...shown].map((type) => ({ name: type, type, timeout: unlimited }))],
    pipelines: flows.map(({ name, to }) => ({ name, from: [name], to })),
  }
}

/** JSON is YAML. No text of the command line is a variable. */
const textOf = (file: object): string =>
  JSON.stringify(file, (_key, value: unknown) => (typeof value === 'string' ? value.replaceAll('${', () => '$${') : value))

/** Which option stands behind a setting of an exporter. */
const flags: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  csv: { filename: '--output-file' },
  json: { filename: '--output-file' },
  prometheus: { listen: '--prometheus-address', token: '--prometheus-token-file' },
  influxdb: {
    url: '--influxdb-url',
    database: '--influxdb-db',
    username: '--influxdb-user',
    password: '--influxdb-pass',
    org: '--influxdb-org',
    bucket: '--influxdb-bucket',
    token: '--influxdb-token',
    measurement: '--influxdb-measurement',
    tags: '--influxdb-tag',
  },
}

function inFlags({ path, message, hint }: Problem, { exporters }: MonitorPlan): string {
  const [section, index, , setting] = path
  const name = section === 'exporters' ? exporters[Number(index)]?.name : undefined
  const flag = name && flags[name]?.[String(setting)]
  return `${flag ?? path.join('.')}: ${message}${hint ? `; ${hint}` : ''}`
}
