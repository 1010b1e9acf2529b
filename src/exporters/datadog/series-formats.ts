import { delimited, double, int64Field, text, varintField } from '../../codecs/remote-write/wire-writer.ts'
import { ByteWriter } from '../../sdk.ts'
import type { Line } from './series-lines.ts'

/** How the time series of a request are written: those of `bytes` are put together into one. */
export interface SeriesFormat {
  readonly path: string
  readonly contentType: string
  readonly head?: Uint8Array
  readonly separator?: Uint8Array
  readonly tail?: Uint8Array
  bytes(lines: readonly Line[]): Uint8Array
}

const json = (path: string, of: (line: Line) => object): SeriesFormat => ({
  path,
  contentType: 'application/json',
  head: Buffer.from('{"series":['),
  separator: Buffer.from(','),
  tail: Buffer.from(']}'),
  bytes: (lines) => Buffer.from(lines.map((line) => JSON.stringify(of(line))).join()),
})

const types = { count: 1, rate: 2, gauge: 3, distribution: 3 }

/** https://docs.datadoghq.com/api/latest/metrics/#submit-metrics, version 2. */
export const seriesJson = json('/api/v2/series', ({ metric, type, tags, host, unit, intervalS, points }) => ({
  metric,
  type: types[type],
  points: [...points].map(([timestamp, [value]]) => ({ timestamp, value })),
  ...(tags.length > 0 && { tags }),
  ...(host !== undefined && { resources: [{ type: 'host', name: host }] }),
  ...(unit !== undefined && { unit }),
  ...(intervalS !== undefined && { interval: intervalS }),
}))

/** The same, version 1. */
export const seriesJson1 = json('/api/v1/series', ({ metric, type, tags, host, intervalS, points }) => ({
  metric,
  type,
  points: [...points].map(([timestamp, [value]]) => [timestamp, value]),
  ...(tags.length > 0 && { tags }),
  ...(host !== undefined && { host }),
  ...(intervalS !== undefined && { interval: intervalS }),
}))

/** https://docs.datadoghq.com/api/latest/metrics/#submit-distribution-points. */
export const distributionJson = json('/api/v1/distribution_points', ({ metric, tags, host, points }) => ({
  metric,
  type: 'distribution',
  points: [...points],
  ...(tags.length > 0 && { tags }),
  ...(host !== undefined && { host }),
}))

/** `MetricPayload` of https://github.com/DataDog/agent-payload/blob/master/proto/metrics/agent_payload.proto, as the Datadog Agent sends it. */
export const seriesProtobuf: SeriesFormat = {
  path: '/api/v2/series',
  contentType: 'application/x-protobuf',
  bytes(lines) {
    const [payload, series, inner] = [new ByteWriter(1024), new ByteWriter(1024), new ByteWriter(64)]
    for (const { metric, type, tags, host, unit, intervalS, points } of lines) {
      series.clear()
      if (host !== undefined) {
        inner.clear()
        text(inner, 1, 'host')
        text(inner, 2, host)
        delimited(series, 1, inner)
      }
      text(series, 2, metric)
      for (const tag of tags) text(series, 3, tag)
      for (const [timestamp, [value]] of points) {
        inner.clear()
        double(inner, 1, value!)
        int64Field(inner, 2, timestamp)
        delimited(series, 4, inner)
      }
      const number = protobufTypes[type]
      if (number !== 0) varintField(series, 5, number)
      if (unit !== undefined) text(series, 6, unit)
      if (intervalS !== undefined) varintField(series, 8, intervalS)
      delimited(payload, 1, series)
    }
    return payload.take()
  },
}

const protobufTypes = { gauge: 0, distribution: 0, count: 1, rate: 2 }
