import { delimited, double, int64Field, text, varintField } from '../../codecs/remote-write/wire-writer.ts'
import { jsonText } from '../../codecs/text/json-value.ts'
import { formatNs } from '../../codecs/text/rfc3339.ts'
import type { Part } from '../../http/parts.ts'
import { type Attributes, type AttributeValue, ByteWriter, type Span, type SpanLink } from '../../sdk.ts'
import type { Config } from './config.ts'
import { type Origin, originOf, otherAttributes } from './origin.ts'
import { spanNames } from './span-names.ts'

/** A sampling priority: kept because a sampler said so. */
const kept = 1

/**
 * The pieces of an `AgentPayload` (https://github.com/DataDog/datadog-agent/tree/main/pkg/proto/datadog/trace), which put one behind the
 * other are one: the spans of each trace that have a resource in common.
 */
export function traceParts(
  spans: readonly Span[],
  indexes: readonly number[],
  { tags, apmConfig }: Pick<Config, 'tags' | 'apmConfig'>,
): Part[] {
  const groups = Map.groupBy(indexes, (index) => `${spans[index]!.traceId} ${spans[index]!.resource?.key}`)
  const [payload, chunk] = [new ByteWriter(4096), new ByteWriter(4096)]
  return [...groups.values()].map((records) => {
    const { resource } = spans[records[0]!]!
    const origin = originOf(resource, apmConfig)
    const own = new Set(records.map((index) => spans[index]!.spanId))
    const writer = new ByteWriter(1024)
    chunk.clear()
    varintField(chunk, 1, kept)
    for (const index of records) {
      writer.clear()
      const span = spans[index]!
      writeSpan(writer, span, {
        origin,
        tags,
        entry: !span.parentSpanId || !own.has(span.parentSpanId),
        resource: otherAttributes(resource),
      })
      delimited(chunk, 3, writer)
    }
    payload.clear()
    delimited(payload, 6, chunk)
    if (origin.env !== undefined) text(payload, 8, origin.env)
    if (origin.host !== undefined) text(payload, 9, origin.host)
    if (origin.version !== undefined) text(payload, 10, origin.version)
    writer.clear()
    delimited(writer, 5, payload)
    return { bytes: writer.take(), records, count: records.length }
  })
}

interface SpanContext {
  readonly origin: Origin
  readonly tags: readonly string[]
  /** Whether it is the first of its service in the trace, as far as it is known here. */
  readonly entry: boolean
  readonly resource: Attributes
}

function writeSpan(writer: ByteWriter, span: Span, { origin, tags, entry, resource }: SpanContext): void {
  const { name, resource: of, type } = spanNames(span)
  const failed = span.status?.code === 'error'
  text(writer, 1, origin.service ?? 'unnamed-service')
  text(writer, 2, name)
  text(writer, 3, of)
  uint64(writer, 4, low64(span.traceId))
  uint64(writer, 5, low64(span.spanId))
  if (span.parentSpanId) uint64(writer, 6, low64(span.parentSpanId))
  uint64(writer, 7, span.startTimeNs)
  uint64(writer, 8, span.endTimeNs > span.startTimeNs ? span.endTimeNs - span.startTimeNs : 0n)
  if (failed) int64Field(writer, 9, 1)
  const { meta, metrics } = tagsOf(span, { ...resource, ...span.attributes })
  for (const tag of tags) meta.set(tag.slice(0, tag.indexOf(':')) || tag, tag.slice(tag.indexOf(':') + 1))
  if (origin.env !== undefined) meta.set('env', origin.env)
  if (origin.version !== undefined) meta.set('version', origin.version)
  if (entry) metrics.set('_top_level', 1)
  const entries = new ByteWriter(256)
  for (const [key, value] of meta) {
    entries.clear()
    text(entries, 1, key)
    text(entries, 2, value)
    delimited(writer, 10, entries)
  }
  for (const [key, value] of metrics) {
    entries.clear()
    text(entries, 1, key)
    double(entries, 2, value)
    delimited(writer, 11, entries)
  }
  text(writer, 12, type)
  for (const link of span.links ?? []) {
    entries.clear()
    writeLink(entries, link)
    delimited(writer, 14, entries)
  }
}

/** Texts and numbers apart, as Datadog has them. */
function tagsOf(span: Span, attributes: Attributes): { meta: Map<string, string>; metrics: Map<string, number> } {
  const { traceId, kind, name, events, status, scope, traceState } = span
  const meta = new Map<string, string>()
  const metrics = new Map<string, number>()
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'number' && Number.isFinite(value)) metrics.set(key, value)
    else meta.set(key, valueText(value))
  }
  meta.set('_dd.p.tid', traceId.slice(0, -16).toLowerCase())
  meta.set('otel.trace_id', traceId)
  meta.set('span.name', name)
  if (kind) meta.set('span.kind', kind)
  if (scope) meta.set('otel.library.name', scope.name)
  if (traceState) meta.set('w3c.tracestate', traceState)
  if (status && status.code !== 'unset') meta.set('otel.status_code', status.code)
  if (status?.message) meta.set('error.message', status.message)
  const thrown = events?.findLast((event) => event.name === 'exception')?.attributes
  for (const [of, key] of exceptionTags) if (thrown?.[of] !== undefined) meta.set(key, valueText(thrown[of]))
  if (events?.length)
    meta.set(
      'events',
      jsonText(events.map(({ timeNs, name, attributes }) => ({ time: formatNs(timeNs), name, ...(attributes && { attributes }) }))),
    )
  return { meta, metrics }
}

const exceptionTags = [
  ['exception.message', 'error.message'],
  ['exception.type', 'error.type'],
  ['exception.stacktrace', 'error.stack'],
] as const

const valueText = (value: AttributeValue): string => (typeof value === 'string' ? value : jsonText(value))

function writeLink(writer: ByteWriter, { traceId, spanId, traceState, attributes = {} }: SpanLink): void {
  uint64(writer, 1, low64(traceId))
  uint64(writer, 2, low64(traceId.slice(0, -16)))
  uint64(writer, 3, low64(spanId))
  const entry = new ByteWriter(128)
  for (const [key, value] of Object.entries(attributes)) {
    entry.clear()
    text(entry, 1, key)
    text(entry, 2, valueText(value))
    delimited(writer, 4, entry)
  }
  if (traceState) text(writer, 5, traceState)
}

/** The lower half of an identifier of hex digits. */
const low64 = (hex: string): bigint => BigInt(`0x${hex.slice(-16) || '0'}`)

function uint64(writer: ByteWriter, field: number, value: bigint): void {
  writer.varint(field * 8)
  let rest = value
  for (; rest > 0x7fn; rest >>= 7n) writer.byte(Number(rest & 0x7fn) | 0x80)
  writer.byte(Number(rest))
}

const hex = (digits: number) => new RegExp(`^[\\da-f]{${digits}}$`, 'i')
const [traceIdForm, spanIdForm] = [hex(32), hex(16)]
const farthestNs = 2n ** 63n - 1n

/** Why a span cannot be said in Datadog; undefined when it can. */
export function spanProblem({ traceId, spanId, parentSpanId, startTimeNs, endTimeNs, links = [] }: Span): Error | undefined {
  const ids = traceIdForm.test(traceId) && spanIdForm.test(spanId) && (!parentSpanId || spanIdForm.test(parentSpanId))
  if (!ids || !links.every((link) => traceIdForm.test(link.traceId) && spanIdForm.test(link.spanId)))
    return new Error('its ids, or those of its links, are not 32 and 16 hex digits')
  if (startTimeNs < 0n || startTimeNs > farthestNs || endTimeNs > farthestNs) return new Error('its time lies before 1970 or after 2262')
  return undefined
}
