import type { PrometheusFormat } from '../prometheus-text.ts'
import { after, afterQuoted, blanks, unescapedHelp, unquoted, utf8 } from './quoted.ts'

/** The types of both formats. */
export const metricTypes = ['counter', 'gauge', 'histogram', 'summary', 'untyped', 'unknown', 'info', 'stateset', 'gaugehistogram'] as const
export type MetricType = (typeof metricTypes)[number]

/** What a family says of itself, before or beside its samples. */
export interface FamilyHead {
  readonly name: string
  readonly type?: MetricType
  readonly help?: string
  readonly unit?: string
}

const begin = /#[ \t]+(HELP|TYPE|UNIT)(?=[ \t]|$)/y
const plainName = /[^ \t]+/y

/**
 * Reads a line that begins with `#`: one thing that it says of a family; `end` for the end of OpenMetrics; undefined for a comment.
 * Throws SyntaxError.
 */
export function readHeader(text: string, format: PrometheusFormat): FamilyHead | 'end' | undefined {
  const line = text.replace(/\r$/, '')
  if (line === '# EOF') return format === 'openmetrics' ? 'end' : undefined
  begin.lastIndex = after(blanks, line, 0)
  const keyword = begin.exec(line)?.[1]
  if (keyword === undefined) return undefined
  const start = after(blanks, line, begin.lastIndex)
  const end = line[start] === '"' ? afterQuoted(line, start) : after(plainName, line, start)
  const name = line[start] === '"' ? unquoted(line.slice(start, end)) : utf8(line.slice(start, end))
  if (name === '') throw new SyntaxError(`${keyword} is of nothing`)
  const rest = line.slice(after(blanks, line, end))
  if (keyword === 'HELP') return { name, help: unescapedHelp(rest, format) }
  if (keyword === 'UNIT') return { name, unit: utf8(rest.trimEnd()) }
  const type = metricTypes.find((type) => type === rest.trimEnd())
  if (type === undefined) throw new SyntaxError(`there is no type ${JSON.stringify(utf8(rest.slice(0, 40)))}`)
  return { name, type }
}

/** The families that have been told of so far, by name. */
export type Families = Map<string, FamilyHead>

export function addHead(families: Families, head: FamilyHead): void {
  families.set(head.name, { ...families.get(head.name), ...head })
}

/** What samples of a family may have behind its name, by its type. */
const suffixes: Readonly<Partial<Record<MetricType, readonly string[]>>> = {
  counter: ['_total', '_created'],
  histogram: ['_bucket', '_sum', '_count', '_created'],
  summary: ['_sum', '_count', '_created'],
  gaugehistogram: ['_bucket', '_gsum', '_gcount'],
  info: ['_info'],
}

const anySuffix = /_(?:total|created|bucket|sum|count|gsum|gcount|info)$/

/** The family of a sample, and what its name has behind that of the family. A sample that no family is told of is one by itself. */
export function familyOfSample(name: string, families: Families): { readonly head: FamilyHead; readonly suffix: string } {
  const own = families.get(name)
  const suffix = own ? undefined : anySuffix.exec(name)?.[0]
  const head = suffix === undefined ? undefined : families.get(name.slice(0, -suffix.length))
  if (suffix !== undefined && head?.type !== undefined && suffixes[head.type]?.includes(suffix)) return { head, suffix }
  return { head: own ?? { name }, suffix: '' }
}
