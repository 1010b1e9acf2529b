import type { Command } from 'commander'
import type { DashboardOptions } from '../../../dashboard/dashboard.ts'

export const outputNames = ['terminal', 'csv', 'json', 'influxdb', 'prometheus'] as const
export type OutputName = (typeof outputNames)[number]

type Display = 'view' | 'theme' | 'cpu' | 'gpu' | 'memory' | 'disk' | 'network' | 'swap'

/** The options of `waybill system` as the command line has them: numbers and durations are still text. */
export interface SystemOptions extends Pick<DashboardOptions, Display> {
  /** The names of those that were given, and neither left at their default nor taken from the environment. */
  readonly given: ReadonlySet<string>
  readonly refreshMs: string
  readonly bufferSize: string
  readonly for?: string
  readonly naming: 'cubestat' | 'otel'
  readonly output?: readonly OutputName[]
  readonly outputFile?: readonly string[]
  readonly appendOutput?: boolean
  readonly csvFormat?: 'wide' | 'long'
  readonly csv?: boolean
  readonly httpPort?: string
  readonly httpHost: string
  readonly prometheusPort?: string
  readonly prometheusAddress: string
  readonly prometheusTokenFile?: string
  readonly influxdbUrl: string
  readonly influxdbDb: string
  readonly influxdbUser?: string
  readonly influxdbPass?: string
  readonly influxdbPassFile?: string
  readonly influxdbOrg?: string
  readonly influxdbBucket?: string
  readonly influxdbToken?: string
  readonly influxdbTokenFile?: string
  readonly influxdbVersion?: '1' | '2' | '3'
  readonly influxdbMeasurement: string
  readonly influxdbTag?: readonly string[]
  readonly influxdbCa?: string
  readonly influxdbCert?: string
  readonly influxdbKey?: string
  readonly replay?: string
  readonly speed: string
  readonly dataDir?: string
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
}

/** What a command line gave. */
export function optionsOf(command: Command): SystemOptions {
  const names = command.options.map((option) => option.attributeName())
  return { ...command.opts<SystemOptions>(), given: new Set(names.filter((name) => command.getOptionValueSource(name) === 'cli')) }
}
