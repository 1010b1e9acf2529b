/** A figure at a time, in any unit. */
export interface Sample {
  readonly at: number
  readonly value: number
}

/** By how much the line of least squares through the samples rises between the first and the last of them, as a share of their mean. */
export function growth(samples: readonly Sample[]): number {
  const meanAt = mean(samples.map(({ at }) => at))
  const meanValue = mean(samples.map(({ value }) => value))
  const slope =
    mean(samples.map(({ at, value }) => (at - meanAt) * (value - meanValue))) / mean(samples.map(({ at }) => (at - meanAt) ** 2))
  return (slope * (samples.at(-1)!.at - samples[0]!.at)) / meanValue
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
