import type { LogRecord } from '../../core/index.ts'
import { attributesCell, int64Cell, jsonCell, optionalCell, resourceCell, scopeCell, textCell } from './cells.ts'
import { leaf, optional } from './field.ts'
import { RecordsLayout } from './records-layout.ts'

export const logLayout = (): RecordsLayout<LogRecord> =>
  new RecordsLayout<LogRecord>([
    [leaf('time', 'nanoseconds'), ({ timeNs }) => int64Cell(timeNs)],
    [optional(leaf('observed_time', 'nanoseconds')), ({ observedTimeNs }) => optionalCell(observedTimeNs, int64Cell)],
    [optional(leaf('severity_number', 'int32')), ({ severityNumber }) => severityNumber],
    [optional(leaf('severity_text', 'text')), ({ severityText }) => optionalCell(severityText, textCell)],
    [leaf('body', 'text'), ({ body }) => (typeof body === 'string' ? textCell(body) : jsonCell(body))],
    [optional(leaf('attributes', 'json')), ({ attributes }) => attributesCell(attributes)],
    [optional(leaf('trace_id', 'text')), ({ traceId }) => traceId],
    [optional(leaf('span_id', 'text')), ({ spanId }) => spanId],
    [optional(leaf('resource', 'json')), ({ resource }) => resourceCell(resource)],
    [optional(leaf('scope', 'json')), ({ scope }) => scopeCell(scope)],
  ])
