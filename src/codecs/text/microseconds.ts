/**
 * Whole microseconds since the epoch. Rounding the fraction by itself gives back exactly those that `timeMs` was made from, as
 * far as a double tells them apart: to the year 2248.
 */
export function microseconds(timeMs: number): number {
  const whole = Math.floor(timeMs)
  return whole * 1000 + Math.round((timeMs - whole) * 1000)
}
