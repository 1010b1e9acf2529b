import type { Exemplar } from '../../../core/index.ts'
import type { PrometheusFormat } from '../prometheus-text.ts'
import { after, afterQuoted, blanks, unquoted, utf8 } from './quoted.ts'

/** What a sample is a value of. */
export interface SampleKey {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}

export interface SampleValue {
  readonly value: number
  readonly timeMs?: number
  readonly exemplar?: Exemplar
}

const metricName = /[a-zA-Z_:][a-zA-Z0-9_:]*/y
const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y
const plain = /[^ \t{]*/y

/** Where the value begins in a line of a sample. Throws SyntaxError when there is none, or its labels do not end. */
export function valueStart(line: string): number {
  const name = after(plain, line, after(blanks, line, 0))
  let at = after(blanks, line, name)
  if (line[at] !== '{') {
    if (at === name) throw new SyntaxError('it has no value')
    return at
  }
  for (at++; line[at] !== '}'; at = line[at] === '"' ? afterQuoted(line, at) : at + 1)
    if (at >= line.length) throw new SyntaxError('a brace is not closed')
  return after(blanks, line, at + 1)
}

/**
 * Reads what stands before the value: `name{label="value"}`, or `{"any name","any label"="value"}`. Throws SyntaxError.
 */
export function readKey(text: string): SampleKey {
  const start = after(blanks, text, 0)
  const end = after(metricName, text, start)
  const brace = after(blanks, text, end)
  const { name = text.slice(start, end), labels } = text[brace] === '{' ? readLabels(text, brace, end === start) : { labels: {} }
  if (name === '' || (text[brace] !== '{' && brace < text.length)) throw new SyntaxError('it is neither a sample nor a comment')
  return { name, labels }
}

/** Labels in braces; with `named` the first may be a name in quotes, which is that of the metric. */
function readLabels(text: string, brace: number, named: boolean): { readonly name?: string; readonly labels: SampleKey['labels'] } {
  const labels: (readonly [string, string])[] = []
  let name: string | undefined
  let at = after(blanks, text, brace + 1)
  while (text[at] !== '}') {
    const quoted = text[at] === '"'
    const end = quoted ? afterQuoted(text, at) : after(labelName, text, at)
    if (end === at) throw new SyntaxError(`no label begins with ${shown(text.slice(at, at + 10))}`)
    const key = quoted ? unquoted(text.slice(at, end)) : text.slice(at, end)
    at = after(blanks, text, end)
    if (text[at] === '=') {
      at = after(blanks, text, at + 1)
      if (text[at] !== '"') throw new SyntaxError(`the label ${key} has no value in quotes`)
      const valueEnd = afterQuoted(text, at)
      labels.push([key, unquoted(text.slice(at, valueEnd))])
      at = after(blanks, text, valueEnd)
    } else if (quoted && named && name === undefined && labels.length === 0) name = key
    else throw new SyntaxError(`the label ${key} has no value`)
    if (text[at] === ',') at = after(blanks, text, at + 1)
    else if (text[at] !== '}') throw new SyntaxError('no comma stands between two labels')
  }
  const record = Object.fromEntries(labels)
  if (Object.keys(record).length < labels.length) throw new SyntaxError('a label comes twice')
  return { ...(name !== undefined && { name }), labels: record }
}

const valueAndTime = /^([^ \t]+)(?:[ \t]+([^ \t#]+))?[ \t]*(?:#[ \t]*(\{.*))?$/s

/** Reads what stands behind the labels: a value, then maybe a time, then maybe an exemplar. Throws SyntaxError. */
export function readValue(text: string, format: PrometheusFormat): SampleValue {
  const [, value, time, exemplar] = valueAndTime.exec(text.trimEnd()) ?? []
  if (value === undefined) throw new SyntaxError(text.trim() === '' ? 'it has no value' : 'something stands behind its value')
  return {
    value: numberIn(value),
    ...(time !== undefined && { timeMs: timeIn(time, format) }),
    ...(exemplar !== undefined && { exemplar: readExemplar(exemplar) }),
  }
}

function readExemplar(text: string): Exemplar {
  const start = valueStart(text)
  const { trace_id: traceId, span_id: spanId, ...labels } = readLabels(text, 0, false).labels
  const [value, time, ...more] = text.slice(start).split(/[ \t]+/)
  if (!value || more.length > 0) throw new SyntaxError('an exemplar is labels, a value and maybe a time')
  return {
    value: numberIn(value),
    ...(time !== undefined && { timeMs: timeIn(time, 'openmetrics') }),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(traceId !== undefined && { traceId }),
    ...(spanId !== undefined && { spanId }),
  }
}

/** A decimal, or NaN and the infinities in the spellings that Go reads. Throws SyntaxError. */
export function numberIn(text: string): number {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text)
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text[0] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (/^nan$/i.test(text)) return Number.NaN
  throw new SyntaxError(`${shown(text)} is no number`)
}

/** The last time that a date can be of. */
export const latestMs = 8.64e15

/** Milliseconds, which OpenMetrics writes as seconds. */
function timeIn(text: string, format: PrometheusFormat): number {
  const number = format === 'text' && !/^-?\d+$/.test(text) ? Number.NaN : numberIn(text)
  const timeMs = format === 'text' ? number : secondsToMs(number)
  if (Math.abs(timeMs) <= latestMs) return timeMs
  throw new SyntaxError(`${shown(text)} is no time`)
}

/** To the microsecond. */
export const secondsToMs = (seconds: number): number => Math.round(seconds * 1e6) / 1000

const shown = (text: string): string => JSON.stringify(utf8(text.length > 40 ? `${text.slice(0, 40)}…` : text))
