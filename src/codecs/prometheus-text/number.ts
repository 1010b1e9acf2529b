import type { ByteWriter } from '../../core/index.ts'
import { nonFinite } from '../text/json-value.ts'

/** The shortest decimal that reads back, `NaN`, `+Inf` or `-Inf`. */
export const numberText = (value: number): string => (Number.isFinite(value) ? String(value) : nonFinite(value))

export function writeNumber(writer: ByteWriter, value: number): void {
  if (Number.isFinite(value)) writer.number(value)
  else writer.ascii(nonFinite(value))
}

/**
 * A value of `le` or `quantile` as OpenMetrics wants it: `1.0`, not `1`. In both formats, so that a series stays the same
 * whichever of them is scraped.
 */
export const boundText = (value: number): string => (Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : numberText(value))

/** Milliseconds since the epoch as seconds, the unit of time in OpenMetrics. */
export const secondsText = (timeMs: number): string => String(timeMs / 1000)
