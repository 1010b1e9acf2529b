import { microseconds } from '../../codecs/text/microseconds.ts'
import type { Fault, Sample } from './recording.ts'

/**
 * The samples of a CSV recording. Wide: `timestamp` and a column for each metric; the header may come again with other columns.
 * Long: the columns timestamp, metric, value; the rows of one time stand together. Times are RFC 3339, without a zone local,
 * or seconds since the epoch.
 */
export async function* csvSamples(text: AsyncIterable<string>, fault: Fault): AsyncGenerator<Sample> {
  /** What the next row may still belong to. */
  let open: Row | undefined
  try {
    for await (const row of rowsOf(text, fault)) {
      if (open && row.format === 'long' && row.timeMs === open.timeMs) {
        for (const [name, value] of row.values) open.values.set(name, value)
      } else {
        if (open) yield open
        open = row
      }
    }
  } catch (thrown) {
    if (open) yield open
    throw thrown
  }
  if (open) yield open
}

interface Row extends Sample {
  readonly format: 'wide' | 'long'
  readonly values: Map<string, number>
}

async function* rowsOf(text: AsyncIterable<string>, fault: Fault): AsyncGenerator<Row> {
  let columns: readonly string[] | undefined
  let number = 0
  for await (const line of linesOf(text)) {
    number++
    if (line === '') continue
    const fields = fieldsOf(line)
    if (!fields) throw fault(number, 'a field begins with a quote and does not end with one')
    const [time, ...cells] = fields as [string, ...string[]]
    if (time === 'timestamp') {
      columns = cells
      continue
    }
    if (!columns) throw fault(number, 'the header is missing, which begins with "timestamp"')
    if (cells.length !== columns.length) throw fault(number, `it has ${fields.length} fields, its header ${columns.length + 1}`)
    const timeMs = timeOf(time)
    if (timeMs === undefined) throw fault(number, `${JSON.stringify(time)} is not a time`)

    const format = columns.join() === 'metric,value' ? 'long' : 'wide'
    const names = format === 'long' ? [cells.shift()!] : columns
    const values = new Map<string, number>()
    cells.forEach((cell, index) => {
      const value = numberOf(cell)
      if (value === undefined) throw fault(number, `${JSON.stringify(cell)} of ${names[index]} is not a number`)
      if (Number.isFinite(value)) values.set(names[index]!, value)
    })
    yield { timeMs, values, format }
  }
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of text) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop()!
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
  }
  if (rest !== '') yield rest
}

/** RFC 4180, but for line ends inside a field; undefined when a quote is missing. */
function fieldsOf(line: string): readonly string[] | undefined {
  const fields: string[] = []
  const field = /(?:"((?:[^"]|"")*)"|([^",][^,]*|))(,|$)/y
  for (;;) {
    const found = field.exec(line)
    if (!found) return undefined
    fields.push(found[1]?.replaceAll('""', '"') ?? found[2]!)
    if (found[3] === '') return fields
  }
}

const dateAndTime = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/

/** Milliseconds since the epoch, exact to a microsecond; undefined where it is no time. */
function timeOf(field: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(field)) return microseconds(Number(field) * 1000) / 1000
  const [, date, time, fraction = '', zone = ''] = dateAndTime.exec(field) ?? []
  const ms = Date.parse(`${date}T${time}${zone}`)
  return Number.isNaN(ms) ? undefined : ms + Number(fraction.padEnd(6, '0').slice(0, 6)) / 1000
}

/** NaN where there is no value; undefined where there is something else than one. */
function numberOf(field: string): number | undefined {
  if (field === '' || /^[+-]?(nan|inf(inity)?)$/i.test(field)) return Number.NaN
  const value = Number(field)
  return Number.isNaN(value) || field.trim() === '' ? undefined : value
}
