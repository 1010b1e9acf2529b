import { WaybillError } from '../sdk.ts'
import { type IniEntry, readIni } from './ini.ts'

/** A delfin.conf as Waybill understands it. */
export interface DelfinConf {
  /** In the form of what stands under `arrays:` in waybill.yaml. */
  readonly arrays: Readonly<Record<string, unknown>>
  /** The files and packages with further exporters and drivers: `plugins` in [DEFAULT], in place of entry points. */
  readonly plugins: readonly string[]
  /** What in it has no meaning here, and why: a line each, with file and line. */
  readonly notes: readonly string[]
}

/** Where a value goes below `arrays:`, and as what. */
interface Setting {
  readonly path: readonly string[]
  readonly value: (text: string, at: string) => unknown
}

const asText = (text: string): string => text
const asList = (text: string): readonly string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

function asSeconds(text: string, at: string): string {
  if (/^\d+$/.test(text)) return `${text}s`
  throw new WaybillError('CONFIG_INVALID_VALUE', `${JSON.stringify(text)} is no number of seconds`, { at, hint: 'write a whole number' })
}

const to = (...path: readonly string[]) => ({ path, value: asText })
const exporter = (name: string, key: string, value: Setting['value'] = asText): Setting => ({
  path: ['exporter_settings', name, 'config', key],
  value,
})

/** What has a meaning here, by section and key. */
const settings: Readonly<Record<string, Setting>> = {
  'default.performance_exporters': { path: ['performance_exporters'], value: asList },
  'default.alert_exporters': { path: ['alert_exporters'], value: asList },
  'telemetry.performance_collection_interval': { path: ['collection', 'interval'], value: asSeconds },
  'telemetry.performance_timestamp_overlap': { path: ['collection', 'overlap'], value: asSeconds },
  'telemetry.max_failed_task_retry_window': { path: ['collection', 'retry_window'], value: asSeconds },
  'kafka_exporter.kafka_topic_name': exporter('PerformanceExporterKafka', 'topic'),
}

/** Two keys that are one address here, with what either is when only the other is there. */
const addresses: readonly {
  readonly host: string
  readonly port: string
  readonly usual: readonly [string, string]
  readonly setting: Setting
}[] = [
  { host: 'default.delfin_listen', port: 'default.delfin_listen_port', usual: ['127.0.0.1', '8190'], setting: to('listen') },
  {
    host: 'default.trap_receiver_address',
    port: 'default.trap_receiver_port',
    usual: ['127.0.0.1', '162'],
    setting: to('traps', 'listen'),
  },
  {
    host: 'kafka_exporter.kafka_ip',
    port: 'kafka_exporter.kafka_port',
    usual: ['localhost', '9092'],
    setting: exporter('PerformanceExporterKafka', 'brokers', (address) => [address]),
  },
  {
    host: 'prometheus_exporter.metric_server_ip',
    port: 'prometheus_exporter.metric_server_port',
    usual: ['127.0.0.1', '8195'],
    setting: exporter('PerformanceExporterPrometheus', 'listen'),
  },
  {
    host: 'prometheus_alert_manager_exporter.alert_manager_host',
    port: 'prometheus_alert_manager_exporter.alert_manager_port',
    usual: ['localhost', '9093'],
    setting: exporter('AlertExporterPrometheus', 'url', (address) => `http://${address}`),
  },
]

/** Why others have none. */
const reasons: Readonly<Record<string, string>> = {
  'default.api_max_limit': 'a list has at most 1000 entries at once',
  'default.api_paste_config': 'the API has no filters to be put together',
  'default.delfin_cryptor': 'access data is encrypted with a key of Waybill’s own',
  'default.sync_task_expiration': 'a sync ends with the process that does it',
  'default.snmp_validation_enabled': 'an alert source is used from when it is set',
  'database.connection': 'Waybill keeps arrays in a database of its own: register them anew',
  'telemetry.performance_history_on_reschedule': 'after a restart all is collected that was missed, up to collection.retry_window',
  'prometheus_exporter.metrics_dir': 'no files lie between collecting and scraping',
  'prometheus_exporter.metrics_cache_file': 'no files lie between collecting and scraping',
  'prometheus_exporter.timezone': 'times are in UTC',
}

/**
 * Reads a delfin.conf. A section under the name of an exporter that is chosen is what stands under its `config:`.
 * Throws WaybillError `CONFIG_SYNTAX` or `CONFIG_INVALID_VALUE`, with file and line.
 */
export function readDelfinConf(source: string, file: string): DelfinConf {
  const arrays: Record<string, unknown> = {}
  const notes: string[] = []
  const found = new Map<string, IniEntry>()
  for (const entry of readIni(source, file)) found.set(nameOf(entry), entry)
  const put = ({ path, value }: Setting, text: string, at: string) => set(arrays, path, value(text, at))

  const chosen = ['default.performance_exporters', 'default.alert_exporters'].flatMap((name) => asList(found.get(name)?.value ?? ''))
  const unused = ({ path }: Setting) => path[0] === 'exporter_settings' && !chosen.includes(path[1]!)
  for (const [name, { section, key, value, at }] of found) {
    if (name === pluginsKey) continue
    const address = addresses.find(({ host, port }) => name === host || name === port)
    const setting = settings[name] ?? address?.setting ?? (chosen.includes(section) ? exporter(section, key) : undefined)
    if (!setting) notes.push(`${at}: ${key} in [${section}] has no meaning here${reasons[name] ? `: ${reasons[name]}` : ''}`)
    else if (unused(setting)) notes.push(`${at}: ${key} in [${section}] is of ${setting.path[1]}, which is not chosen`)
    else if (!address) put(setting, value, at)
    else put(setting, addressOf(address, found), at)
  }
  return { arrays, plugins: asList(found.get(pluginsKey)?.value ?? ''), notes }
}

const pluginsKey = 'default.plugins'

const nameOf = ({ section, key }: IniEntry): string => `${section}.${key}`.toLowerCase()

function addressOf({ host, port, usual }: (typeof addresses)[number], found: ReadonlyMap<string, IniEntry>): string {
  const name = found.get(host)?.value ?? usual[0]
  return `${name.includes(':') ? `[${name}]` : name}:${found.get(port)?.value ?? usual[1]}`
}

function set(target: Record<string, unknown>, [first, ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    target[first!] = value
    return
  }
  target[first!] ??= {}
  set(target[first!] as Record<string, unknown>, rest, value)
}
