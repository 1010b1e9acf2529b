import { jsonValue } from '../../codecs/text/json-value.ts'
import { createContext } from '../../core/context.ts'
import { WaybillError } from '../../core/errors.ts'
import { silent } from '../../core/log.ts'
import { fileNameOf, fileTime } from '../../opencost/file-name.ts'
import type { CollectedMetrics } from '../../opencost/metrics/collected-metrics.ts'
import { OpenCostMetricsCollector } from '../../opencost/metrics/collector.ts'
import { KustoMetricsAdapter, metricFiles } from '../../opencost/metrics/kusto-metrics-adapter.ts'
import { FileOutput, type Output } from '../../opencost/output.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../print.ts'
import { Screen } from '../screen.ts'
import { type ClientOptions, connectionOf } from './opencost-client.ts'
import { currencyOf } from './opencost-currency.ts'
import { metricsSummary } from './opencost-metrics-summary.ts'
import { outputTo, pathOf } from './opencost-outputs.ts'
import { wholeNumber } from './whole-number.ts'

export interface OpencostMetricsOptions extends Omit<ClientOptions, 'endpoint' | 'port'> {
  readonly host: string
  readonly port: string
  readonly url?: string
  readonly all?: boolean
  readonly output?: string
  readonly tables?: string
  readonly currency: string
  readonly summary?: boolean
}

/** `waybill opencost metrics`. Words go to standard error; a summary that is asked for, to standard output. */
export async function opencostMetrics(options: OpencostMetricsOptions): Promise<number> {
  const { host, port, url, all, output, tables, summary } = options
  const currency = currencyOf(options.currency)
  if (summary && output === '-')
    throw new WaybillError('INVALID_OPTION', '--summary and --output - would both go to standard output', { hint: 'give a file' })
  const screen = new Screen(process.stderr)
  const context = createContext({ log: { ...silent, warn: (message) => screen.line(message) } })
  const given = output === undefined ? undefined : await outputTo(pathOf(output), context)
  const collector = new OpenCostMetricsCollector(host, wholeNumber('--port', port, 1, 65_535), {
    ...connectionOf(options),
    context,
    ...(url !== undefined && { url }),
    ...(all && { metrics: ['*'] }),
  })
  try {
    const metrics = await collector.collectMetrics()
    if (metrics.metadata.total_metrics === 0) return nothing(screen, collector.address)
    if (given || !(summary || tables !== undefined)) {
      const to = given ?? new FileOutput(fileNameOf(['opencost_metrics', fileTime(context.clock.now())], 'json'))
      await write(metrics, to)
      screen.line(`${countsOf(metrics)} → ${to.destination}`)
    }
    if (tables !== undefined) {
      await new KustoMetricsAdapter(metrics, { currency }).saveAllFormats(tables)
      screen.line(`${countsOf(metrics)} → ${Object.values(metricFiles).join(', ')} in ${tables}`)
    }
    if (summary) print(metricsSummary(metrics, currency))
    return exitCodes.ok
  } finally {
    await collector.close()
  }
}

function nothing(screen: Screen, address: string): number {
  const hint = address.endsWith('/federate')
    ? 'it has none of OpenCost now'
    : 'of a Prometheus or VictoriaMetrics, give --url <address>/federate'
  screen.line(`nothing is collected: ${address} has no metric about costs; ${hint}; --all keeps all that there are`)
  return exitCodes.ok
}

async function write(metrics: CollectedMetrics, output: Output): Promise<void> {
  try {
    await output.write(Buffer.from(`${JSON.stringify(jsonValue(metrics), null, 2)}\n`))
    await output.commit()
  } catch (thrown) {
    await output.discard()
    throw thrown
  }
}

function countsOf({ metadata, metrics }: CollectedMetrics): string {
  const samples = Object.values(metrics).reduce((sum, { values }) => sum + values.length, 0)
  return `${metadata.total_metrics} metrics with ${samples.toLocaleString('en-US')} samples`
}
