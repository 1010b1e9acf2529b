import type { Attributes } from '../../core/index.ts'

const traceIdForm = /^[\da-f]{32}$/i
const spanIdForm = /^[\da-f]{16}$/i

export const isTraceId = (id: string): boolean => traceIdForm.test(id)
export const isSpanId = (id: string): boolean => spanIdForm.test(id)

interface Linked {
  readonly traceId?: string | undefined
  readonly spanId?: string | undefined
  readonly attributes?: Attributes | undefined
}

/** What belongs to a trace; an id that OTLP cannot hold is among the attributes, as `trace_id` or `span_id`. */
export function linked({ traceId, spanId, attributes }: Linked): Linked {
  const misfits = {
    ...(traceId && !isTraceId(traceId) && { trace_id: traceId }),
    ...(spanId && !isSpanId(spanId) && { span_id: spanId }),
  }
  return {
    traceId: traceId && isTraceId(traceId) ? traceId : undefined,
    spanId: spanId && isSpanId(spanId) ? spanId : undefined,
    attributes: { ...attributes, ...misfits },
  }
}
