import { type Clock, systemClock } from '../core/clock.ts'
import type { Sample } from './recording/recording.ts'

export interface ReplayOptions {
  /** How many times faster than it was recorded. Default 1; Infinity waits for nothing. */
  readonly speed?: number
  /** The longest wait between two samples, in milliseconds, for recordings with a gap. Default 10,000. */
  readonly longestPauseMs?: number
  readonly clock?: Clock
  /** Ends the replay. */
  readonly signal?: AbortSignal
}

/**
 * Gives each sample when it is due: as long after the one before as when it was recorded, the first at once. A slow taker
 * is not waited for afterwards, so the pace holds. What `samples` rejects with comes after all before it was given.
 *
 *     for await (const { timeMs, values } of replay(readRecording(path), { speed: 10 })) dashboard.update(values, timeMs)
 */
export async function* replay(samples: AsyncIterable<Sample>, options: ReplayOptions = {}): AsyncGenerator<Sample> {
  const { speed = 1, longestPauseMs = 10_000, clock = systemClock, signal } = options
  let dueMs = clock.monotonic()
  let beforeMs: number | undefined
  for await (const sample of samples) {
    const pauseMs = Math.max(0, sample.timeMs - (beforeMs ?? sample.timeMs)) / speed
    beforeMs = sample.timeMs
    dueMs += Math.min(pauseMs, longestPauseMs)
    const waitMs = dueMs - clock.monotonic()
    if (waitMs > 0) await clock.sleep(waitMs, signal)
    if (signal?.aborted) return
    yield sample
  }
}
