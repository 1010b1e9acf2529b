import type { Span, SpanEvent, SpanLink } from '../../core/index.ts'
import { attributesOf, keyValues } from './attributes.ts'
import { isSpanId, isTraceId } from './identifiers.ts'
import type { SpanMessage } from './messages.ts'
import { isTimeNs, timeOutOfRange } from './times.ts'

/** The enumerations `SpanKind` and `StatusCode`, each from 0. */
const kinds = [undefined, 'internal', 'server', 'client', 'producer', 'consumer'] as const
const codes = ['unset', 'ok', 'error'] as const

/** A span as OTLP has it, or why it cannot. */
export function spanMessage(span: Span): SpanMessage | Error {
  const { traceId, spanId, parentSpanId, traceState, name, kind, startTimeNs, endTimeNs, attributes, events, links, status } = span
  if (!isTraceId(traceId)) return new Error(`the trace id ${JSON.stringify(traceId)} is not 32 hexadecimal digits`)
  const broken = [spanId, ...(parentSpanId ? [parentSpanId] : [])].find((id) => !isSpanId(id))
  if (broken !== undefined) return new Error(`the span id ${JSON.stringify(broken)} is not 16 hexadecimal digits`)
  if (![startTimeNs, endTimeNs, ...(events ?? []).map(({ timeNs }) => timeNs)].every(isTimeNs)) return timeOutOfRange
  return {
    traceId,
    spanId,
    traceState,
    parentSpanId: parentSpanId || undefined,
    name,
    kind: kind && kinds.indexOf(kind),
    startTimeUnixNano: startTimeNs,
    endTimeUnixNano: endTimeNs,
    attributes: keyValues(attributes),
    events: events?.map((event) => ({ timeUnixNano: event.timeNs, name: event.name, attributes: keyValues(event.attributes) })),
    links: links?.flatMap((link) =>
      isTraceId(link.traceId) && isSpanId(link.spanId) ? [{ ...link, attributes: keyValues(link.attributes) }] : [],
    ),
    status: status && { message: status.message, code: codes.indexOf(status.code) },
  }
}

/** The span of a message. */
export function spanOf(message: SpanMessage): Span {
  const { traceId = '', spanId = '', traceState, parentSpanId, name = '', kind = 0, startTimeUnixNano = 0n, endTimeUnixNano = 0n } = message
  const { code = 0, message: statusMessage } = message.status ?? {}
  return {
    traceId,
    spanId,
    ...(parentSpanId && { parentSpanId }),
    ...(traceState && { traceState }),
    name,
    ...(kinds[kind] && { kind: kinds[kind] }),
    startTimeNs: startTimeUnixNano,
    endTimeNs: endTimeUnixNano,
    ...withAttributes(message),
    ...(message.events?.length && { events: message.events.map(eventOf) }),
    ...(message.links?.length && { links: message.links.map(linkOf) }),
    ...((code || statusMessage) && { status: { code: codes[code] ?? 'unset', ...(statusMessage && { message: statusMessage }) } }),
  }
}

type EventMessage = NonNullable<SpanMessage['events']>[number]
type LinkMessage = NonNullable<SpanMessage['links']>[number]

const eventOf = (message: EventMessage): SpanEvent => ({
  timeNs: message.timeUnixNano ?? 0n,
  name: message.name ?? '',
  ...withAttributes(message),
})

const linkOf = (message: LinkMessage): SpanLink => ({
  traceId: message.traceId ?? '',
  spanId: message.spanId ?? '',
  ...(message.traceState && { traceState: message.traceState }),
  ...withAttributes(message),
})

function withAttributes({ attributes: list }: Pick<SpanMessage, 'attributes'>): Pick<Span, 'attributes'> {
  const attributes = attributesOf(list)
  return attributes ? { attributes } : {}
}
