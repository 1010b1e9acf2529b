import { setTimeout as after } from 'node:timers/promises'
import { type Clock, systemClock } from '../core/clock.ts'

/** The longest wait that a Node timer takes. */
const longestMs = 2 ** 31 - 1

/** The system's clock, whose sleepers keep no process alive. */
export const backgroundClock: Clock = {
  ...systemClock,
  sleep: (ms, signal) => after(Math.min(Math.max(0, ms), longestMs), undefined, { ref: false, ...(signal && { signal }) }).catch(() => {}),
}
