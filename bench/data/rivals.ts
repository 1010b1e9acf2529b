import { Point as InfluxPoint } from '@influxdata/influxdb-client'
import { Gauge, Registry } from 'prom-client'
import type protobuf from 'protobufjs'
import { requestTypes } from '../../src/codecs/remote-write/protobuf.fixture.ts'
import type { MetricsBatch, Point, Series } from '../../src/core/index.ts'

/** Makes of each batch what a user of the alternative would hold anyway; the returned functions, which are measured, make the rest of it. */
export type Rival = (batches: readonly MetricsBatch[]) => readonly Rendering[]
export type Rendering = () => string | Uint8Array | Promise<string>

const each =
  (prepare: (batch: MetricsBatch) => Rendering): Rival =>
  (batches) =>
    batches.map(prepare)

/** JSON.stringify of objects that are there already. */
export const jsonStringify = each(({ points }) => {
  const records = points.map(({ timeMs, series, value }) => {
    const { name, kind } = series
    return { time: new Date(timeMs).toISOString(), name, kind, labels: Object.fromEntries(series.labels), value }
  })
  return () => lines(records, (record) => JSON.stringify(record), '\n')
})

/** A template string over cells that are there already but for the JSON of the labels, quoted where they need it. */
export const templateString = each(({ points }) => {
  const records = points.map(({ timeMs, series, value }) => {
    const { name, kind, unit } = series
    return { time: new Date(timeMs).toISOString(), name, value, unit: unit ?? '', kind, labels: Object.fromEntries(series.labels) }
  })
  return () =>
    lines(
      records,
      (r) => `${quoted(r.time)},${quoted(r.name)},${r.value},${quoted(r.unit)},${quoted(r.kind)},${quoted(JSON.stringify(r.labels))}`,
      '\r\n',
    )
})

/** A Point for each, as its users make them. */
export const influxdbClient = each(({ points }) => {
  const times = new Map(points.map(({ timeMs }) => [timeMs, new Date(timeMs)]))
  const line = ({ series, timeMs, value }: Point) => {
    const point = new InfluxPoint(series.name)
    for (const [name, text] of series.labels) point.tag(name, text)
    return point.floatField('value', value).timestamp(times.get(timeMs)).toLineProtocol()!
  }
  return () => lines(points, line, '\n')
})

/** A registry that has been set already: only the rendering is measured. Batches of the same series share it. */
export const promClient: Rival = (batches) => {
  const registries = new Map<Series, Registry>()
  return batches.map((batch) => {
    const { series } = batch.points[0]!
    const registry = registries.get(series) ?? registryOf(batch)
    registries.set(series, registry)
    return () => registry.metrics()
  })
}

function registryOf({ points }: MetricsBatch): Registry {
  const registry = new Registry()
  const gauges = new Map<string, Gauge>()
  for (const { series, value } of points) {
    const { name, labels } = series
    const gauge = gauges.get(name) ?? new Gauge({ name, help: name, labelNames: labels.map(([label]) => label), registers: [registry] })
    gauges.set(name, gauge)
    gauge.set(Object.fromEntries(labels), Number(value))
  }
  return registry
}

/** Messages that are there already. */
export const protobufjs1 = each(({ points }) => {
  const timeseries = points.map(({ series: { name, labels }, timeMs, value }) => ({
    labels: [['__name__', name] as const, ...labels].map(([name, value]) => ({ name, value })),
    samples: [{ value, timestamp: timeMs }],
  }))
  const names = [...new Set(points.map(({ series }) => series.name))]
  const metadata = names.map((name) => ({ type: gauge, metricFamilyName: name, help: name, unit: '' }))
  const message = requestTypes[1].create({ timeseries, metadata })
  return () => requestTypes[1].encode(message).finish()
})

/** Of the labels, which are there already, the table of texts is made and each is looked up there; then the message is encoded. */
export const protobufjs2 = each(({ points }) => {
  const series = points.map(({ series: { name, labels } }) => ({ name, labels: ['__name__', name, ...labels.flat()] }))
  const samples = points.map(({ timeMs, value }) => [{ value, timestamp: timeMs }])
  return () => {
    const symbols = new Map([['', 0]])
    const refOf = (text: string) => {
      const known = symbols.get(text)
      if (known !== undefined) return known
      symbols.set(text, symbols.size)
      return symbols.size - 1
    }
    const timeseries: protobuf.Properties<object>[] = series.map(({ name, labels }, index) => ({
      labelsRefs: labels.map(refOf),
      samples: samples[index],
      metadata: { type: gauge, helpRef: refOf(name), unitRef: 0 },
    }))
    return requestTypes[2].encode({ symbols: [...symbols.keys()], timeseries }).finish()
  }
})

/** Of the enumeration of types. */
const gauge = 2

function lines<T>(records: readonly T[], line: (record: T) => string, end: string): string {
  let text = ''
  for (const record of records) text += line(record) + end
  return text
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text)
