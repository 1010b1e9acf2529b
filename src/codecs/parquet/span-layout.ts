import type { Span } from '../../core/index.ts'
import { attributesCell, int64Cell, optionalCell, resourceCell, scopeCell, textCell } from './cells.ts'
import { leaf, listOf, optional } from './field.ts'
import { RecordsLayout } from './records-layout.ts'

export const spanLayout = (): RecordsLayout<Span> =>
  new RecordsLayout<Span>([
    [leaf('start_time', 'nanoseconds'), ({ startTimeNs }) => int64Cell(startTimeNs)],
    [leaf('end_time', 'nanoseconds'), ({ endTimeNs }) => int64Cell(endTimeNs)],
    [leaf('trace_id', 'text'), ({ traceId }) => traceId],
    [leaf('span_id', 'text'), ({ spanId }) => spanId],
    [optional(leaf('parent_span_id', 'text')), ({ parentSpanId }) => parentSpanId],
    [optional(leaf('trace_state', 'text')), ({ traceState }) => optionalCell(traceState, textCell)],
    [leaf('name', 'text'), ({ name }) => textCell(name)],
    [optional(leaf('kind', 'text')), ({ kind }) => kind],
    [optional(leaf('status', 'text')), ({ status }) => status?.code],
    [optional(leaf('status_message', 'text')), ({ status }) => optionalCell(status?.message, textCell)],
    [optional(leaf('attributes', 'json')), ({ attributes }) => attributesCell(attributes)],
    [
      optional(listOf('events', leaf('time', 'nanoseconds'), leaf('name', 'text'), optional(leaf('attributes', 'json')))),
      ({ events }) => events?.map(({ timeNs, name, attributes }) => [int64Cell(timeNs), textCell(name), attributesCell(attributes)]),
    ],
    [
      optional(
        listOf(
          'links',
          leaf('trace_id', 'text'),
          leaf('span_id', 'text'),
          optional(leaf('trace_state', 'text')),
          optional(leaf('attributes', 'json')),
        ),
      ),
      ({ links }) =>
        links?.map(({ traceId, spanId, traceState, attributes }) => [
          traceId,
          spanId,
          optionalCell(traceState, textCell),
          attributesCell(attributes),
        ]),
    ],
    [optional(leaf('resource', 'json')), ({ resource }) => resourceCell(resource)],
    [optional(leaf('scope', 'json')), ({ scope }) => scopeCell(scope)],
  ])
