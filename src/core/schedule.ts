/** When to act next: milliseconds to wait before try `attempt` (1 is the first retry), or undefined to give up. */
export type Schedule = (attempt: number, random: () => number) => number | undefined

/** Doubling (or `factor`) from `first` up to `max`, with full jitter: anywhere from 0 to that, so that many agents do not come back at once. */
export const exponential = (first: number, max: number, factor = 2): Schedule => {
  const plain = withoutJitter(first, max, factor)
  return (attempt, random) => plain(attempt, random)! * random()
}

/** The same without jitter: min(max, first × factor^(attempt − 1)). */
export const withoutJitter =
  (first: number, max: number, factor = 2): Schedule =>
  (attempt) =>
    Math.min(max, first * factor ** (attempt - 1))

/** Gives up after `retries` waits. */
export const atMost =
  (retries: number, schedule: Schedule): Schedule =>
  (attempt, random) =>
    attempt > retries ? undefined : schedule(attempt, random)
