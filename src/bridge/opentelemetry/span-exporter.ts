import type { Span, SpanLink } from '../../core/index.ts'
import { attributesOf, originOf } from './attributes.ts'
import { Bridge } from './bridge.ts'
import type { Callback, SdkSpan, SdkSpanContext } from './sdk-types.ts'
import { toNanoseconds } from './times.ts'

/** The enumerations `SpanKind` and `SpanStatusCode` of the SDK, each from 0. */
const kinds = ['internal', 'server', 'client', 'producer', 'consumer'] as const
const codes = ['unset', 'ok', 'error'] as const

/** Hands the spans of an application to an exporter: a `SpanExporter` for a `BatchSpanProcessor`. */
export class WaybillSpanExporter extends Bridge {
  export(spans: readonly SdkSpan[], done: Callback): void {
    this.send(() => ({ signal: 'traces', spans: spans.map(spanOf) }), done)
  }
}

function spanOf(span: SdkSpan): Span {
  const { parentSpanContext, kind, status, attributes, events, links, resource, instrumentationScope } = span
  return {
    ...linkOf(span.spanContext()),
    ...(parentSpanContext && { parentSpanId: parentSpanContext.spanId }),
    name: span.name,
    kind: kinds[kind] ?? 'internal',
    startTimeNs: toNanoseconds(span.startTime),
    endTimeNs: toNanoseconds(span.endTime),
    ...someAttributes(attributes),
    ...(events.length > 0 && {
      events: events.map(({ time, name, attributes }) => ({ timeNs: toNanoseconds(time), name, ...someAttributes(attributes) })),
    }),
    ...(links.length > 0 && { links: links.map(({ context, attributes }) => ({ ...linkOf(context), ...someAttributes(attributes) })) }),
    ...(status.code !== 0 && { status: { code: codes[status.code] ?? 'unset', ...(status.message && { message: status.message }) } }),
    ...originOf(resource, instrumentationScope),
  }
}

function linkOf({ traceId, spanId, traceState }: SdkSpanContext): SpanLink {
  const state = traceState?.serialize()
  return { traceId, spanId, ...(state && { traceState: state }) }
}

const someAttributes = (given: object = {}): Pick<Span, 'attributes'> => {
  const attributes = attributesOf(given)
  return Object.keys(attributes).length > 0 ? { attributes } : {}
}
