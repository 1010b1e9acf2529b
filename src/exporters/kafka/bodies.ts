import { JsonLinesEncoder } from '../../codecs/jsonl/jsonl.ts'
import { type Body, batchBody, recordBody, requestBody } from '../../codecs/messages/messages.ts'
import { OtlpJsonEncoder, OtlpProtobufEncoder } from '../../codecs/otlp/otlp.ts'
import { metricArrays } from './metric-arrays.ts'

/** What a message may hold, by `format`. */
export const bodies: Readonly<Record<'json' | 'jsonl' | 'otlp_json' | 'otlp_protobuf' | 'metric_arrays', () => Body>> = {
  json: () => recordBody(new JsonLinesEncoder()),
  jsonl: () => batchBody(new JsonLinesEncoder()),
  otlp_json: () => requestBody(new OtlpJsonEncoder()),
  otlp_protobuf: () => requestBody(new OtlpProtobufEncoder()),
  metric_arrays: metricArrays,
}
