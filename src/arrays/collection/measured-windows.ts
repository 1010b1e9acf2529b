import type { ComputeSource, Context, Window } from '../../sdk.ts'
import type { MetricData } from '../third-party/metric-data.ts'
import type { ArrayRegistry, ArraySource } from './array-source.ts'
import { type InTimeOptions, inTime } from './in-time.ts'

/** What an array has measured in a window and the overlap before it, to be read once. */
export interface Measured {
  readonly source: ArraySource
  readonly portions: AsyncIterable<readonly MetricData[]>
}

export interface MeasuredWindowsOptions {
  readonly id: string
  readonly registry: ArrayRegistry
  readonly overlapMs: number
  readonly timeoutMs: number
}

/** Windows of what an array measures; nothing of one that is no longer registered. An array that does not answer in time has failed. */
export class MeasuredWindows implements ComputeSource<Measured> {
  readonly name: string
  readonly #options: MeasuredWindowsOptions

  constructor(options: MeasuredWindowsOptions) {
    this.name = options.id
    this.#options = options
  }

  canCompute(): boolean {
    return true
  }

  async compute({ start, end }: Window, _resolutionMs: number, context: Context): Promise<Measured | undefined> {
    const { id, registry, overlapMs, timeoutMs } = this.#options
    const source = await registry.source(id)
    if (!source) return undefined
    const ending = new AbortController()
    const within = { ...context, signal: AbortSignal.any([context.signal, ending.signal]) }
    const portions = source.measured({ startMs: start.getTime() - overlapMs, endMs: end.getTime() }, within)
    return { source, portions: eachInTime(portions, { id, timeoutMs, context: within }, () => ending.abort()) }
  }
}

/** `end` tells the driver that nobody waits any more. */
async function* eachInTime<T>(portions: AsyncIterable<T>, options: InTimeOptions, end: () => void): AsyncGenerator<T> {
  const iterator = portions[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await inTime(iterator.next(), options)
      if (next.done) return
      yield next.value
    }
  } finally {
    end()
    // Not waited for: a driver that hangs does not end its iteration either.
    iterator.return?.().catch(() => {})
  }
}
