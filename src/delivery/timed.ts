import type { Context } from '../core/context.ts'
import { type Duration, formatDuration, parseDuration } from '../core/duration.ts'
import type { Exporter } from '../core/exporter.ts'
import { Receipt } from '../core/receipt.ts'
import { type ExportResult, retry } from '../core/result.ts'
import { attempt } from './attempt.ts'
import { HoldingExporter } from './holding.ts'

export interface TimedOptions {
  /** How long one call may take. */
  readonly timeout: Duration
}

/**
 * Waits for an answer no longer than `timeout`: then the answer is `retry`, the call's signal is aborted, and whatever it
 * still answers or writes on the receipt is ignored. The destination may have taken the data all the same.
 */
export class TimedExporter<Time, T> extends HoldingExporter<Time, T> {
  readonly #timeoutMs: number

  constructor(next: Exporter<Time, T>, options: TimedOptions) {
    super(next)
    this.#timeoutMs = parseDuration(options.timeout)
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const { call, unlink } = linkedTo(context.signal)
    const answered = new AbortController()
    const receipt = new Receipt()
    const result = await Promise.race([
      attempt(this.next, time, data, { ...context, signal: call.signal, receipt }),
      context.clock.sleep(this.#timeoutMs, answered.signal).then(() => undefined),
    ])
    answered.abort('answered')
    unlink()
    if (result) {
      context.receipt?.add(receipt)
      return result
    }
    const error = new Error(`${this.name} did not answer within ${formatDuration(this.#timeoutMs)}`)
    call.abort(error)
    return retry(error)
  }
}

/** A call that aborts with `signal` or by itself. Unlike `AbortSignal.any` it leaves nothing behind on a signal that outlives it. */
function linkedTo(signal: AbortSignal) {
  const call = new AbortController()
  const follow = () => call.abort(signal.reason)
  if (signal.aborted) follow()
  else signal.addEventListener('abort', follow)
  return { call, unlink: () => signal.removeEventListener('abort', follow) }
}
