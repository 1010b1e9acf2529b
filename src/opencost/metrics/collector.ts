import { type ParsedFamilies, parseFamilies, type Sample } from '../../codecs/prometheus-text/parse/parse-families.ts'
import { formatMs } from '../../codecs/text/rfc3339.ts'
import { type Context, createContext, nameMatcher } from '../../core/index.ts'
import { connectionTo, endpointOf, type OpenCostClientOptions } from '../client.ts'
import { addressOf, type Connection } from '../connection.ts'
import { OpenCostFailure } from '../failure.ts'
import type { CollectedMetrics, CollectedValue } from './collected-metrics.ts'
import { openCostMetrics } from './known-metrics.ts'

export interface MetricsCollectorOptions extends Omit<OpenCostClientOptions, 'endpoint'> {
  /**
   * The whole address in place of host and port, such as `http://localhost:8428/federate` of a VictoriaMetrics or Prometheus: that is
   * asked for the metrics wanted, unless the address says for which.
   */
  readonly url?: string
  /** Which metrics to keep, by name; `*` stands for any characters. Default: those about costs. */
  readonly metrics?: readonly string[]
  readonly context?: Context
}

/** Collects the metrics of an OpenCost as they are now. */
export class OpenCostMetricsCollector {
  /** Where they are collected from, as far as it may be shown. */
  readonly address: string
  readonly #source: string
  readonly #connection: Connection
  readonly #path: string
  readonly #query: URLSearchParams
  readonly #metrics: readonly string[]
  readonly #context: Context

  /** Throws WaybillError `INVALID_OPTION` or `INVALID_DURATION`. */
  constructor(host = 'localhost', port = 9003, options: MetricsCollectorOptions = {}) {
    const { url: given, metrics = openCostMetrics, context = createContext(), headers, ...others } = options
    const url = endpointOf(given ?? `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`)
    this.#path = url.pathname === '/' ? '/metrics' : url.pathname
    this.#query = new URLSearchParams(url.search)
    if (this.#path.endsWith('/federate') && !this.#query.has('match[]')) this.#query.set('match[]', selectorOf(metrics))
    url.pathname = '/'
    url.search = ''
    this.#source = addressOf(url)
    this.address = this.#source + this.#path
    this.#connection = connectionTo(url, { ...others, headers: { accept: 'text/plain;version=0.0.4', ...headers } })
    this.#metrics = metrics
    this.#context = context
  }

  /**
   * Rejects with WaybillError `SOURCE_UNAVAILABLE`, also when what comes is no Prometheus text at all. Single lines that cannot be
   * read are told to the context's log.
   */
  async collectMetrics(context: Context = this.#context): Promise<CollectedMetrics> {
    const body = await this.#connection.get(this.#path, this.#query, context)
    const bytes = Buffer.concat(await Array.fromAsync(body))
    const collectionTimeMs = context.clock.now()
    const isOpenMetrics = /\n# EOF\n?$/.test(bytes.toString('latin1', Math.max(0, bytes.length - 8)))
    const { families } = this.#checked(parseFamilies(bytes, isOpenMetrics ? 'openmetrics' : 'text'), context)
    const isWanted = nameMatcher(this.#metrics)
    const kept = families.filter(({ name, samples }) => samples.length > 0 && isWanted(name))
    return {
      metadata: { collection_time: formatMs(collectionTimeMs), source: this.#source, total_metrics: kept.length },
      metrics: Object.fromEntries(
        kept.map(({ name, help, type, samples }) => [name, { help, type, values: samples.map((sample) => collected(sample, name)) }]),
      ),
    }
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  #checked(parsed: ParsedFamilies, context: Context): ParsedFamilies {
    const [first] = parsed.problems
    if (!first) return parsed
    const problem = `line ${first.line}: ${first.message}`
    if (parsed.families.every(({ samples }) => samples.length === 0))
      throw new OpenCostFailure(`${this.address} answered what is no Prometheus text: ${problem}`, {
        hint: 'check the address; OpenCost has its metrics at /metrics of port 9003',
      })
    context.log.warn(`what cannot be read of ${this.address} is left out, ${parsed.skipped} in all; ${problem}`)
    return parsed
  }
}

/** A selector of series by name, as Prometheus has it. */
const selectorOf = (patterns: readonly string[]): string =>
  `{__name__=~${JSON.stringify(patterns.map((pattern) => pattern.replaceAll('*', '.*')).join('|'))}}`

const collected = ({ name, labels, value, timeMs }: Sample, metric: string): CollectedValue => ({
  ...(name !== metric && { name }),
  labels,
  value,
  ...(timeMs !== undefined && { timestamp: formatMs(timeMs) }),
})
