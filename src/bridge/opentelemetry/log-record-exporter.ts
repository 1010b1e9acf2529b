import type { LogRecord } from '../../core/index.ts'
import { attributesOf, attributeValue, originOf } from './attributes.ts'
import { Bridge } from './bridge.ts'
import type { Callback, SdkLogRecord } from './sdk-types.ts'
import { toNanoseconds } from './times.ts'

/** Hands the log records of an application to an exporter: a `LogRecordExporter` for a `BatchLogRecordProcessor`. */
export class WaybillLogRecordExporter extends Bridge {
  export(records: readonly SdkLogRecord[], done: Callback): void {
    this.send(() => ({ signal: 'logs', records: records.map(logRecordOf) }), done)
  }
}

function logRecordOf(record: SdkLogRecord): LogRecord {
  const { hrTime, hrTimeObserved, severityNumber, severityText, body, eventName, spanContext, resource, instrumentationScope } = record
  const attributes = { ...attributesOf(record.attributes), ...(eventName && { 'event.name': eventName }) }
  return {
    timeNs: toNanoseconds(hrTime),
    observedTimeNs: toNanoseconds(hrTimeObserved),
    ...(severityNumber && { severityNumber }),
    ...(severityText && { severityText }),
    body: attributeValue(body),
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...(spanContext && { traceId: spanContext.traceId, spanId: spanContext.spanId }),
    ...originOf(resource, instrumentationScope),
  }
}
