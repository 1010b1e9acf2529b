/** Time, passed in: tests move it by hand, so none of them sleeps. */
export interface Clock {
  /** Milliseconds since the epoch; may have a fraction. */
  now(): number
  /** Milliseconds that only go forward, from an arbitrary zero: for measuring spans of time. */
  monotonic(): number
  /** Resolves after `ms`, or at once when `signal` aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The longest wait that a Node timer takes; longer ones are cut to it. */
const longestMs = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const done = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, Math.min(Math.max(0, ms), longestMs))
      signal?.addEventListener('abort', done)
    }),
}
