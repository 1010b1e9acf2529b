import { microseconds } from '../text/microseconds.ts'

/** As far as 64 bits of nanoseconds reach: the year 2554. */
const farthestMs = 18_446_744_073_709
const farthestNs = 2n ** 64n - 1n

export const isTimeMs = (timeMs: number): boolean => timeMs >= 0 && timeMs <= farthestMs
export const isTimeNs = (timeNs: bigint): boolean => timeNs >= 0n && timeNs <= farthestNs

export const timeOutOfRange = new Error('OTLP has no time before 1970 or after 2554')

export const toNanoseconds = (timeMs: number): bigint => BigInt(microseconds(timeMs)) * 1000n

/** Exact to the microsecond. */
export const toMilliseconds = (timeNs: bigint): number => Number(timeNs / 1000n) / 1000
