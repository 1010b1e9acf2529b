import { type Batch, ByteWriter, type Point, type PointValue, type Series, SeriesCache, type StreamEncoder } from '../../core/index.ts'
import { jsonText } from '../text/json-value.ts'
import { formatMs } from '../text/rfc3339.ts'
import { TimeCache } from '../text/time-cache.ts'
import { alertJson, exemplarJson, logJson, originJson, rowJson, spanJson } from './json-record.ts'

/**
 * JSON lines (https://jsonlines.org: UTF-8, `\n` after each): an object for each record of any signal.
 * README.md has the fields.
 */
export class JsonLinesEncoder implements StreamEncoder<Batch> {
  readonly contentType = 'application/x-ndjson'
  readonly extension = 'jsonl'
  readonly #writer = new ByteWriter()
  readonly #upToValue = new SeriesCache(seriesText)
  readonly #times = new TimeCache((timeMs) => `{"time":"${formatMs(timeMs)}"`)
  readonly #startTimes = new TimeCache((timeMs) => `,"startTime":"${formatMs(timeMs)}"`)

  encode(batch: Batch): Uint8Array {
    this.#writer.clear()
    this.encodeInto(this.#writer, batch)
    return this.#writer.take()
  }

  encodeInto(writer: ByteWriter, batch: Batch): void {
    if (batch.signal === 'metrics') for (const point of batch.points) this.#point(writer, point)
    else for (const record of objectsOf(batch)) writer.text(`${JSON.stringify(record)}\n`)
  }

  /** The line of each record by itself, without its line end. */
  lines(batch: Batch): readonly string[] {
    return Buffer.from(this.encode(batch)).toString().split('\n').slice(0, -1)
  }

  #point(writer: ByteWriter, point: Point): void {
    writer.bytes(this.#times.get(point.timeMs))
    writer.bytes(this.#upToValue.get(point.series))
    writeValue(writer, point.value)
    if (point.startTimeMs !== undefined) writer.bytes(this.#startTimes.get(point.startTimeMs))
    if (point.stale) writer.ascii(',"stale":true')
    if (point.exemplars) writer.text(`,"exemplars":${JSON.stringify(point.exemplars.map(exemplarJson))}`)
    writer.byte(closingBrace)
    writer.byte(lineEnd)
  }
}

const closingBrace = 0x7d
const lineEnd = 0x0a

/** What stands between the time and the value of every point of a series. */
function seriesText({ name, kind, unit, temporality, monotonic, labels, resource, scope }: Series): Uint8Array {
  const fields = { name, kind, unit, temporality, monotonic, labels: Object.fromEntries(labels), ...originJson(resource, scope) }
  return Buffer.from(`,${JSON.stringify(fields).slice(1, -1)},"value":`)
}

function writeValue(writer: ByteWriter, value: PointValue): void {
  if (typeof value === 'number' && Number.isFinite(value)) writer.number(value)
  else writer.ascii(jsonText(value))
}

function objectsOf(batch: Exclude<Batch, { signal: 'metrics' }>): readonly object[] {
  switch (batch.signal) {
    case 'traces':
      return batch.spans.map(spanJson)
    case 'logs':
      return batch.records.map(logJson)
    case 'alerts':
      return batch.alerts.map(alertJson)
    case 'rows':
      return batch.rows.map((row) => rowJson(batch.table.columns, row))
  }
}
