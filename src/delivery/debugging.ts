import { type Batch, signals } from '../core/batch.ts'
import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { type Log, type LogFields, silent } from '../core/log.ts'
import { type RecordType, single } from '../core/record-type.ts'
import { type ExportResult, errorOf, reject } from '../core/result.ts'
import type { Secret } from '../core/secret.ts'
import { attempt } from './attempt.ts'
import { batchProblem } from './batch-problem.ts'
import { HoldingExporter } from './holding.ts'
import { payloadText } from './payload-text.ts'

/** What to tell of each export, and to check before it. */
export interface DebugSwitches {
  /** How many records it was and what became of them. Default true. */
  readonly traceExports?: boolean
  /** The first 20 records, secrets redacted. They may hold personal data. Default false. */
  readonly logPayloads?: boolean
  /** How long it took, how much it was, and records a second. Default true. */
  readonly measurePerformance?: boolean
  /** Sends nothing that is not valid: it is rejected as a whole, with what is wrong. Default true. */
  readonly validateSchemas?: boolean
}

export interface DebuggingOptions<T> extends DebugSwitches {
  /** What is wrong with the data; undefined when nothing is. Default: a `Batch` is checked, of anything else nothing. */
  readonly validate?: (data: T) => string | undefined
  /** Never shown in a payload, wherever they stand. */
  readonly secrets?: Iterable<Secret>
  /** Default: a `T` is one record. */
  readonly records?: RecordType<T>
}

const mostRecords = 20

/** Tells of each export in the context's log, at level info; on standard error where the context has none. */
export class DebuggingExporter<Time, T> extends HoldingExporter<Time, T> {
  readonly #options: DebuggingOptions<T>
  readonly #records: RecordType<T>

  constructor(next: Exporter<Time, T>, options: DebuggingOptions<T> = {}) {
    super(next)
    this.#options = options
    this.#records = options.records ?? (single as RecordType<T>)
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const { traceExports = true, logPayloads = false, measurePerformance = true } = this.#options
    const log = context.log === silent ? standardError : context.log
    const exporter = this.name
    if (logPayloads) log.info('about to export', { exporter, payload: this.#payload(data) })
    const startMs = context.clock.monotonic()
    const problem = this.#problem(data)
    const result = problem
      ? reject(new Error(`${exporter} did not send data that is not valid: ${problem}`))
      : await attempt(this.next, time, data, context)
    const ms = Math.round(1000 * (context.clock.monotonic() - startMs)) / 1000
    if (traceExports || measurePerformance || problem)
      log.info('exported', {
        exporter,
        ...((traceExports || problem) && traced(result, this.#records.count(data), context)),
        ...(measurePerformance && { ms, bytes: this.#records.bytes(data), recordsPerSecond: perSecond(this.#records.count(data), ms) }),
      })
    return result
  }

  #problem(data: T): string | undefined {
    const { validateSchemas = true, validate = problemOfBatch } = this.#options
    return validateSchemas ? validate(data) : undefined
  }

  #payload(data: T): string {
    const count = this.#records.count(data)
    const part = count > mostRecords ? this.#records.slice(data, [...Array(mostRecords).keys()]) : data
    return payloadText(part, this.#options.secrets)
  }
}

function traced(result: ExportResult, records: number, { delivery }: Context): LogFields {
  const error = errorOf(result)
  return { records, status: result.status, ...(delivery && { attempt: delivery.attempt }), ...(error && { error }) }
}

const perSecond = (records: number, ms: number): number | undefined => (ms > 0 ? Math.round((1000 * records) / ms) : undefined)

const problemOfBatch = (data: unknown): string | undefined => (isBatch(data) ? batchProblem(data) : undefined)

const isBatch = (data: unknown): data is Batch =>
  typeof data === 'object' && data !== null && 'signal' in data && (signals as readonly unknown[]).includes(data.signal)

/** Who switches on debugging is to see something, whether or not there is a log. */
const standardError: Pick<Log, 'info'> = {
  info(message, { error, ...fields } = {}) {
    const told = { ...fields, ...(error instanceof Error && { error: error.message }) }
    process.stderr.write(`${message} ${JSON.stringify(told)}\n`)
  },
}
