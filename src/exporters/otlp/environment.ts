import { WaybillError } from '../../sdk.ts'

const prefix = 'OTEL_EXPORTER_OTLP'
const signals = ['METRICS', 'TRACES', 'LOGS'] as const

/** Variables of which there is one for each signal, but not here. */
const forAll = ['HEADERS', 'COMPRESSION', 'TIMEOUT', 'CERTIFICATE', 'CLIENT_CERTIFICATE', 'CLIENT_KEY', 'INSECURE']

/** Settings as they are written in code. */
export interface EnvironmentSettings {
  readonly endpoint?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string }
  readonly timeout?: number
  readonly [setting: string]: unknown
}

/**
 * What the variables of OpenTelemetry say of exporters over OTLP (https://opentelemetry.io/docs/specs/otel/protocol/exporter/). One that is
 * empty is not set. Throws WaybillError `INVALID_OPTION` for those that only some SDKs have for a single signal.
 */
export function settingsFrom(env: Readonly<Record<string, string | undefined>>): EnvironmentSettings {
  const read = (name: string) => env[`${prefix}_${name}`]?.trim() || undefined
  for (const signal of signals)
    for (const name of forAll)
      if (read(`${signal}_${name}`) !== undefined)
        throw new WaybillError(
          'INVALID_OPTION',
          `${prefix}_${signal}_${name} is set, and an exporter has one such setting for all signals`,
          {
            hint: `give the ${signal.toLowerCase()} an exporter of their own`,
          },
        )
  const insecure = read('INSECURE')?.toLowerCase() === 'true'
  const endpoint = (name: string) => withScheme(read(name), insecure)
  const settings = {
    endpoint: endpoint('ENDPOINT'),
    protocol: read('PROTOCOL'),
    metricsEndpoint: endpoint('METRICS_ENDPOINT'),
    metricsProtocol: read('METRICS_PROTOCOL'),
    tracesEndpoint: endpoint('TRACES_ENDPOINT'),
    tracesProtocol: read('TRACES_PROTOCOL'),
    logsEndpoint: endpoint('LOGS_ENDPOINT'),
    logsProtocol: read('LOGS_PROTOCOL'),
    compression: read('COMPRESSION'),
    timeout: optional(read('TIMEOUT'), Number),
    headers: optional(read('HEADERS'), headersOf),
    tls: present({ ca: read('CERTIFICATE'), cert: read('CLIENT_CERTIFICATE'), key: read('CLIENT_KEY') }),
  }
  return present(settings)
}

const optional = <T>(text: string | undefined, parse: (text: string) => T): T | undefined => (text === undefined ? undefined : parse(text))

/** For gRPC an address may be without one. */
const withScheme = (address: string | undefined, insecure: boolean): string | undefined =>
  address === undefined || /^\w+:\/\//.test(address) ? address : `${insecure ? 'http' : 'https'}://${address}`

/** As in W3C Baggage: `name=value`, with commas between, the values percent-encoded. */
function headersOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(',')
      .filter((pair) => pair.trim() !== '')
      .map((pair) => {
        const [name = '', ...value] = pair.split('=')
        return [name.trim(), percentDecoded(value.join('=').trim())]
      }),
  )
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What is set, or nothing. */
const present = <T extends object>(settings: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as never
