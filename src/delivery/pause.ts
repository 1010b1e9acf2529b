import type { Context } from '../core/context.ts'

/** Waits `ms`, or until the caller no longer waits or a stop begins. */
export function pause(ms: number, { clock, signal, hurry }: Context): Promise<void> {
  return clock.sleep(ms, hurry ? AbortSignal.any([signal, hurry]) : signal)
}
