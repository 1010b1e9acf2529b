import { degraded, type HealthStatus } from '../core/component.ts'
import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { type RecordType, single } from '../core/record-type.ts'
import { type ExportResult, errorOf, ok, partial } from '../core/result.ts'
import { attempt } from './attempt.ts'
import { givenBack } from './given-back.ts'
import { HoldingExporter } from './holding.ts'

export interface FallbackOptions<Time, T> {
  /** Asked for what the first does not take. Started, flushed and stopped together with it. */
  readonly fallback: Exporter<Time, T>
  readonly records?: RecordType<T>
}

/**
 * Gives to another exporter what the first gives back to be tried later: all, or a part. What that one takes is diverted,
 * and the result names it in `via`; of what it does not take either the result is the one of the first. Rejections stay
 * rejections, and nothing is diverted once the caller no longer waits.
 */
export class FallbackExporter<Time, T> extends HoldingExporter<Time, T> {
  readonly #fallback: Exporter<Time, T>
  readonly #records: RecordType<T>
  /** Why the fallback was asked the last time; undefined once the first has taken everything again. */
  #reason: Error | undefined
  /** Whether the fallback did not take everything the last time. */
  #refused = false

  constructor(next: Exporter<Time, T>, options: FallbackOptions<Time, T>) {
    super(next)
    this.#fallback = options.fallback
    this.#records = options.records ?? (single as RecordType<T>)
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const result = await attempt(this.next, time, data, context)
    const back = givenBack(data, result, this.#records)
    if (back.indexes.length === 0) this.#firstTook(context)
    if (back.indexes.length === 0 || context.signal.aborted) return result

    // the fallback's books are its own: what happens below it is not written on our receipt
    const { receipt, ...own } = context
    const answer = await attempt(this.#fallback, time, back.data, own)
    const left = leftOf(back.indexes, answer)
    const taken = back.indexes.length - left.length
    this.#tell(errorOf(result)!, left.length > 0 ? errorOf(answer) : undefined, context)
    if (taken === 0) return result

    receipt?.divert(this.#fallback.name, taken)
    const { children } = result
    const rejected = result.status === 'partial' ? result.rejected : []
    const rest = left.length + rejected.length === 0 ? ok : partial(rejected, left)
    return { ...(children && { children }), ...rest, via: this.#fallback.name }
  }

  /** Degraded while the fallback is asked: what it takes is not where it should be. */
  override health(): HealthStatus {
    const below = super.health()
    return this.#reason && below.state === 'healthy' ? degraded(`${this.#fallback.name} is asked instead: ${this.#reason.message}`) : below
  }

  override async start(context: Context): Promise<void> {
    await Promise.all([super.start(context), this.#fallback.start?.(context)])
  }
  override async flush(context: Context): Promise<void> {
    await Promise.all([super.flush(context), this.#fallback.flush?.(context)])
  }
  override async stop(context: Context): Promise<void> {
    await super.stop(context).finally(() => this.#fallback.stop?.(context))
  }

  #firstTook({ log }: Context): void {
    if (this.#reason) log.info('takes everything itself again', { exporter: this.name, fallback: this.#fallback.name })
    this.#reason = undefined
    this.#refused = false
  }

  /** Says once that the fallback is asked, and once that it refuses. */
  #tell(reason: Error, refusal: Error | undefined, { log }: Context): void {
    const fields = { exporter: this.name, fallback: this.#fallback.name }
    if (!this.#reason) log.warn('the fallback is asked', { ...fields, error: reason })
    if (refusal && !this.#refused) log.warn('the fallback did not take everything', { ...fields, error: refusal })
    this.#reason = reason
    this.#refused = refusal !== undefined
  }
}

/** Which of `asked` were not taken. Where it is only known how many were not, all of them, lest one be lost. */
function leftOf(asked: readonly number[], answer: ExportResult): readonly number[] {
  if (answer.status === 'ok') return []
  if (answer.status !== 'partial' || answer.rejected.some((rejection) => 'count' in rejection)) return asked
  const left = new Set([...answer.retry, ...answer.rejected.flatMap((rejection) => ('index' in rejection ? [rejection.index] : []))])
  return asked.filter((_, index) => left.has(index))
}
