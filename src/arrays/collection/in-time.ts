import { type Context, orAborted, WaybillError } from '../../sdk.ts'

export interface InTimeOptions {
  /** Of the array that is waited for. */
  readonly id: string
  readonly timeoutMs: number
  readonly context: Context
}

/** What an array answers. Rejects with WaybillError `TIMED_OUT` when that takes too long, and with an Error when the signal aborts. */
export async function inTime<T>(answer: Promise<T>, { id, timeoutMs, context: { clock, signal } }: InTimeOptions): Promise<T> {
  const waiting = new AbortController()
  const late = clock.sleep(timeoutMs, waiting.signal).then(() => undefined)
  const boxed = answer.then((value) => ({ value }))
  const answered = await Promise.race([orAborted(boxed, signal), late]).finally(() => waiting.abort())
  if (answered) return answered.value
  if (signal.aborted) throw new Error(`the array ${id} was not waited for: it is being stopped`)
  throw new WaybillError('TIMED_OUT', `the array ${id} did not answer in time`, { hint: 'see that it can be reached' })
}
