import { parseDuration } from '../../../core/duration.ts'
import { isLoopback, type ListenAddress } from '../../../core/listen-address.ts'
import type { DashboardOptions } from '../../../dashboard/dashboard.ts'
import { wholeNumber } from '../whole-number.ts'
import { type ExporterEntry, exportersOf, listenAddress } from './exporters.ts'
import type { SystemOptions } from './options.ts'
import { type Outputs, outputsOf } from './outputs.ts'
import { checkApart, checkNeeds, usage } from './usage.ts'

/** What `waybill system` is to do when it measures. */
export interface MonitorPlan {
  readonly outputs: Outputs
  readonly exporters: readonly ExporterEntry[]
  readonly naming: 'cubestat' | 'otel'
  readonly refreshMs: number
  readonly bufferSize: number
  readonly dashboard: DashboardOptions
  readonly http?: ListenAddress
  readonly forMs?: number
  readonly dataDir?: string
  readonly logLevel: SystemOptions['logLevel']
}

const hourMs = 3_600_000
/** A day of seconds; about 30 MB with forty series. */
const mostSamples = 86_400

/** Throws WaybillError `INVALID_OPTION` or `INVALID_DURATION` for options that cannot be used, alone or together. */
export function monitorPlanOf(options: SystemOptions, stdoutIsTerminal: boolean): MonitorPlan {
  checkApart(options)
  const refreshMs = wholeNumber('--refresh-ms', options.refreshMs, 10, hourMs)
  const bufferSize = wholeNumber('--buffer-size', options.bufferSize, 1, mostSamples)
  const outputs = outputsOf(options, stdoutIsTerminal)
  const { naming, dataDir, logLevel, httpPort } = options
  return {
    outputs,
    exporters: exportersOf(outputs, options, refreshMs),
    naming,
    refreshMs,
    bufferSize,
    dashboard: dashboardOptionsOf(options, { refreshMs, bufferSize }),
    ...(httpPort !== undefined && { http: httpAddress(options.httpHost, httpPort) }),
    ...(options.for !== undefined && { forMs: parseDuration(options.for) }),
    ...(dataDir !== undefined && { dataDir }),
    logLevel,
  }
}

export interface ReplayPlan {
  readonly path: string
  readonly speed: number
  readonly dashboard: DashboardOptions
  readonly forMs?: number
}

/** Throws WaybillError `INVALID_OPTION` or `INVALID_DURATION`. */
export function replayPlanOf(options: SystemOptions, path: string, stdoutIsTerminal: boolean): ReplayPlan {
  checkApart(options)
  checkNeeds(options, new Set())
  if (!stdoutIsTerminal) throw usage('--replay needs a terminal, which standard output is not')
  const speed = Number(options.speed)
  if (!(speed > 0)) throw usage(`--speed takes a number above 0, not ${JSON.stringify(options.speed)}`)
  const bufferSize = wholeNumber('--buffer-size', options.bufferSize, 1, mostSamples)
  return {
    path,
    speed,
    dashboard: dashboardOptionsOf(options, { bufferSize }),
    ...(options.for !== undefined && { forMs: parseDuration(options.for) }),
  }
}

function httpAddress(host: string, port: string): ListenAddress {
  const address = listenAddress('--http-port', host, port)
  if (!isLoopback(address))
    throw usage(`others could reach ${host}`, 'give --http-host an address of this machine alone, such as 127.0.0.1')
  return address
}

const dashboardOptionsOf = (
  { view, theme, cpu, gpu, memory, disk, network, swap }: SystemOptions,
  rest: Pick<DashboardOptions, 'refreshMs' | 'bufferSize'>,
): DashboardOptions => ({
  ...rest,
  ...(view && { view }),
  ...(theme && { theme }),
  ...(cpu && { cpu }),
  ...(gpu && { gpu }),
  ...(memory && { memory }),
  ...(disk && { disk }),
  ...(network && { network }),
  ...(swap && { swap }),
})
