import type { HrTime } from './sdk-types.ts'

export const toNanoseconds = ([seconds, nanoseconds]: HrTime): bigint => BigInt(seconds) * 1_000_000_000n + BigInt(Math.round(nanoseconds))

/** Exact to the microsecond. */
export const toMilliseconds = ([seconds, nanoseconds]: HrTime): number => (seconds * 1e6 + Math.round(nanoseconds / 1000)) / 1000
