/** What a series is measured in: where its chart ends, and how its values are written. */
export type Scale = 'percent' | 'bytes' | 'bytes/s' | 'milliwatts'

type Unit = readonly [factor: number, name: string]

const binary: readonly Unit[] = ['PB', 'TB', 'GB', 'MB', 'KB', 'Bytes'].map((name, index) => [2 ** (10 * (5 - index)), name])

const units: Readonly<Record<Scale, readonly Unit[]>> = {
  percent: [[1, '%']],
  bytes: binary,
  'bytes/s': binary.map(([factor, name]) => [factor, `${name}/s`]),
  milliwatts: [
    [1e6, 'kW'],
    [1e3, 'W'],
    [1, 'mW'],
  ],
}

/**
 * The value of a full chart: 100 of percentages, else the highest of `values` up to the next power of 2 or 10, and at least 1. NaN is
 * no value.
 */
export function maximumOf(scale: Scale, values: readonly number[]): number {
  if (scale === 'percent') return 100
  let highest = 1
  for (const value of values) if (value > highest) highest = value
  if (scale === 'milliwatts') return 10 ** Math.ceil(Math.log10(highest))
  let power = 1
  while (power <= Math.trunc(highest - 1)) power *= 2
  return power
}

/**
 * `value` as on a ruler, ` 42%` or `  3 MB/s`: whole numbers, in the unit that suits the maximum, so that all on one ruler have the
 * same.
 */
export function labelOf(scale: Scale, value: number, maximum: number): string {
  const known = units[scale]
  const [factor, name] = known.find(([factor]) => maximum > factor) ?? known.at(-1)!
  return `${String(halfToEven(value / factor)).padStart(3)}${scale === 'percent' ? '' : ' '}${name}`
}

/**
 * Rounds as Python writes: of two whole numbers that are equally near the even one. With CPU shares to one decimal that is every tenth
 * value.
 */
export function halfToEven(value: number): number {
  const below = Math.floor(value)
  return value - below === 0.5 ? below + (below % 2 === 0 ? 0 : 1) : Math.round(value)
}
