import type { Body } from '../../codecs/messages/messages.ts'
import type { Batch, Point, Rejection } from '../../sdk.ts'

/**
 * Points as readers of a storage monitor's Kafka exporter know them: one JSON array with `[name, labels, {"<ms since the epoch>": value}]`
 * for each series, in the order in which they come. A unit is among the labels; JSON makes null of what is no number.
 */
export const metricArrays = (): Body => ({ per: 'batch', contentType: 'application/json', encode })

function encode(batch: Batch): { body: Uint8Array; rejected: readonly Rejection[] } {
  if (batch.signal !== 'metrics')
    throw new TypeError(`arrays have no place for ${batch.signal}: use another format, or an exporter of their own`)
  const rejected: Rejection[] = []
  const values = new Map<string, { point: Point; values: Record<string, number> }>()
  for (const [index, point] of batch.points.entries()) {
    const { series, timeMs, value } = point
    if (typeof value !== 'number') {
      rejected.push({ index, error: new TypeError(`${series.name} is a distribution, for which arrays have no place: use another format`) })
      continue
    }
    const known = values.get(series.key) ?? { point, values: {} }
    known.values[String(Math.round(timeMs))] = value
    values.set(series.key, known)
  }
  const arrays = [...values.values()].map(({ point: { series }, values }) => [series.name, labelsOf(series), values])
  return { body: Buffer.from(JSON.stringify(arrays)), rejected }
}

const labelsOf = ({ labels, unit }: Point['series']): Record<string, string> => ({
  ...(unit !== undefined && { unit }),
  ...Object.fromEntries(labels),
})
