import { Point as InfluxPoint } from '@influxdata/influxdb-client'
import { Gauge, Registry } from 'prom-client'
import type { MetricsBatch, Point, Series } from '../../src/core/index.ts'

/** Makes of each batch what a user of the alternative would hold anyway; the returned functions, which are measured, make the text. */
export type Rival = (batches: readonly MetricsBatch[]) => readonly Rendering[]
export type Rendering = () => string | Promise<string>

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

function lines<T>(records: readonly T[], line: (record: T) => string, end: string): string {
  let text = ''
  for (const record of records) text += line(record) + end
  return text
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text)
