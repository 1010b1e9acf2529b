import { jsonFormat } from './json-format.ts'
import { protobufFormat } from './protobuf-format.ts'
import type { ProtobufSeries } from './protobuf-series.ts'
import { type OtlpEncoderOptions, RequestEncoder } from './request-encoder.ts'

export { OtlpJsonDecoder, OtlpProtobufDecoder } from './decoder.ts'
export type { OtlpSignal } from './messages.ts'
export type { OtlpBatch, OtlpEncoderOptions } from './request-encoder.ts'
export { decodeResponse, type OtlpResponse, retryDelayMs } from './response.ts'

/** Requests in the binary form of Protocol Buffers, for OTLP over HTTP and gRPC. */
export class OtlpProtobufEncoder extends RequestEncoder<ProtobufSeries> {
  constructor(options?: OtlpEncoderOptions) {
    super(protobufFormat(), options)
  }
}

/** Requests in JSON, for OTLP over HTTP. */
export class OtlpJsonEncoder extends RequestEncoder<Uint8Array> {
  constructor(options?: OtlpEncoderOptions) {
    super(jsonFormat(), options)
  }
}
