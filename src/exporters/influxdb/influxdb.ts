import { LineProtocolEncoder, type Unwritten } from '../../codecs/line-protocol/line-protocol.ts'
import { HttpDestination, type HttpOutcome, revealed } from '../../http/index.ts'
import {
  ByteWriter,
  type Context,
  defineExporter,
  type EventExporter,
  type ExportResult,
  type HealthStatus,
  type MetricsBatch,
  metrics,
  type Point,
  WaybillError,
  z,
} from '../../sdk.ts'
import { type Api, apiOf } from './api.ts'
import { type Config, config } from './config.ts'
import { interpret } from './interpret.ts'
import { isolate, type Written } from './isolate.ts'
import { refusedLines } from './refused-lines.ts'

export interface InfluxDBExporterOptions extends z.input<typeof config> {
  /** Default: `influxdb`. */
  readonly name?: string
}

/** A batch of a thousand with fifty points that are refused needs about half as many again, and tries those left later. */
const mostRequests = 256

/**
 * Writes points to InfluxDB as line protocol. `ok` means that the server has taken all. Of points that it refuses it is found out
 * which they are, by writing parts of the batch: a point written twice is the same point. No password or token is in an address, a
 * message or a log.
 */
export class InfluxDBExporter implements EventExporter<MetricsBatch> {
  readonly name: string
  readonly #config: Config
  readonly #api: Api
  readonly #encoder: LineProtocolEncoder
  readonly #writer = new ByteWriter()
  readonly #destination: HttpDestination

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'influxdb', ...options }: InfluxDBExporterOptions) {
    const parsed = config.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of InfluxDBExporter: ${z.prettifyError(parsed.error)}`)
    const { measurement, tags, resourceAttributes } = parsed.data
    this.name = name
    this.#config = parsed.data
    this.#api = apiOf(parsed.data)
    const { backslashes, auth, advice } = this.#api
    this.#encoder = new LineProtocolEncoder({ tags, resourceAttributes, backslashes, ...(measurement !== undefined && { measurement }) })
    this.#destination = new HttpDestination({ ...parsed.data, auth, advice, interpret })
  }

  get destination(): string {
    return this.#destination.address
  }

  /** Connects to nothing yet. Rejects with a WaybillError when the files of TLS cannot be used. */
  start(context: Context): Promise<void> {
    return this.#destination.start(context)
  }

  async export(_time: Date, { points }: MetricsBatch, context: Context): Promise<ExportResult> {
    const whole = this.#encode(points)
    const unwritten = new Set(whole.unwritten.map(({ index }) => index))
    const writable = [...points.keys()].filter((index) => !unwritten.has(index))
    return isolate(writable, {
      // The end of a series is no value: InfluxDB says it by having none.
      refused: whole.unwritten.filter(({ index }) => !points[index]!.stale),
      write: (indexes) => {
        const { body } = indexes === writable ? whole : this.#encode(indexes.map((index) => points[index]!))
        return this.#write(body, indexes, context)
      },
      compare: (a, b) => byName(points[a]!, points[b]!),
      mostRequests,
    })
  }

  /** Lets what is under way be answered, until the signal aborts. */
  stop(context: Context): Promise<void> {
    return this.#destination.stop(context)
  }

  health(): HealthStatus {
    return this.#destination.health()
  }

  #encode(points: readonly Point[]): { readonly body: Uint8Array; readonly unwritten: readonly Unwritten[] } {
    this.#writer.clear()
    const unwritten = this.#encoder.encodeInto(this.#writer, metrics(points))
    return { body: this.#writer.take(), unwritten }
  }

  /** `indexes` are those of the points in `body`, in their order. */
  async #write(body: Uint8Array, indexes: readonly number[], context: Context): Promise<Written> {
    const { result, answer } = await this.#send(body, context)
    if (result.status !== 'reject' || !answer) return { result }
    const lines = linesOf(body)
    const refused = refusedLines(answer.body.toString(), lines)
    if (refused === undefined || refused === 'some') return { result, refused }
    // Of a line with several fields the others may be fine.
    if (lines !== indexes.length) return { result, refused: 'some' }
    const errorOf = (reason: string | undefined) =>
      reason === undefined ? result.error : new Error(`the server refused it: ${this.#destination.redact(reason)}`)
    return { result, refused: [...refused].map(([line, reason]) => ({ index: indexes[line]!, error: errorOf(reason) })) }
  }

  async #send(body: Uint8Array, context: Context): Promise<HttpOutcome> {
    const { path, query } = this.#api
    const request = { path, query, body, contentType: this.#encoder.contentType }
    const outcome = await this.#destination.send(request, context)
    if (!this.#config.createDatabase || !outcome.answer?.body.includes('database not found')) return outcome
    const created = await this.#destination.send({ path: '/query', query: { q: this.#createDatabase() } }, context)
    return created.result.status === 'ok' ? this.#destination.send(request, context) : created
  }

  #createDatabase(): string {
    const { database = '', retentionPolicy } = this.#config
    return `CREATE DATABASE ${quoted(database)}${retentionPolicy === undefined ? '' : ` WITH NAME ${quoted(retentionPolicy)}`}`
  }
}

const lineEnd = 0x0a

const linesOf = (body: Uint8Array): number => body.reduce((lines, byte) => lines + (byte === lineEnd ? 1 : 0), 0)

const byName = ({ series: { name: a } }: Point, { series: { name: b } }: Point): number => (a < b ? -1 : a > b ? 1 : 0)

/** As InfluxQL has identifiers. */
const quoted = (identifier: string): string => `"${identifier.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`

/** Writes points to InfluxDB. */
export default defineExporter({
  type: 'influxdb',
  summary: 'Writes points to InfluxDB 1, 2 or 3, or whatever takes its line protocol by HTTP.',
  stability: 'beta',
  signals: ['metrics'],
  ordered: 'per-series',
  config,
  traits: {
    formats: 'line protocol',
    compression: 'gzip',
    authentication: 'basic, token, client certificate',
    order: 'as given',
    repeats: 'one point',
    limits: 'by 413, in halves; refused points by bisection',
    tested: 'InfluxDB 1.6, VictoriaMetrics; versions 2 and 3 by servers of the tests',
  },
  create: ({ name, config }) => new InfluxDBExporter({ ...revealed(config), name }),
})
