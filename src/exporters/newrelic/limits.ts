/**
 * What New Relic takes at most, from the pages "Metric API limits and restricted attributes", "Introduction to the Event API" and
 * "Introduction to the Log API" of https://docs.newrelic.com/docs/data-apis/. It takes more and lets it go, or cuts it off, unseen.
 */
export const mostBytes = 1_000_000

const hourMs = 3_600_000
export const ages = {
  metrics: { oldestMs: 48 * hourMs, newestMs: 24 * hourMs },
  logs: { oldestMs: 48 * hourMs, newestMs: Number.POSITIVE_INFINITY },
  events: { oldestMs: 24 * hourMs, newestMs: Number.POSITIVE_INFINITY },
}

export interface AttributeLimits {
  readonly most: number
  /** Of a text, in characters. */
  readonly mostLength: number
}
const mostNameLength = 255
export const metricAttributes: AttributeLimits = { most: 150, mostLength: 4096 }
export const eventAttributes: AttributeLimits = { most: 255, mostLength: 4096 }
/** Longer texts of logs are kept apart as blobs. */
export const logAttributes: AttributeLimits = { most: 255, mostLength: Number.POSITIVE_INFINITY }

export function ageProblem(
  timeMs: number,
  nowMs: number,
  { oldestMs, newestMs }: { oldestMs: number; newestMs: number },
): Error | undefined {
  if (timeMs >= nowMs - oldestMs && timeMs <= nowMs + newestMs) return undefined
  return new Error(`New Relic lets go what is older than ${oldestMs / hourMs} hours or lies more than 24 in the future`)
}

export function attributesProblem(attributes: Readonly<Record<string, unknown>>, { most, mostLength }: AttributeLimits): Error | undefined {
  const entries = Object.entries(attributes)
  if (entries.length > most) return new Error(`${entries.length} attributes, where New Relic takes ${most}`)
  for (const [name, value] of entries) {
    if (name.length > mostNameLength)
      return new Error(`the name of an attribute has ${name.length} characters, where New Relic takes ${mostNameLength}`)
    if (typeof value === 'string' && value.length > mostLength)
      return new Error(`the attribute ${name} has ${value.length} characters, where New Relic takes ${mostLength}`)
  }
  return undefined
}
