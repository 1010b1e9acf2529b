import type { Span, TracesBatch } from '../../sdk.ts'
import type { Config } from './config.ts'

export interface Selected {
  readonly batch: TracesBatch
  /** The indexes of its spans in the batch given. */
  readonly indexes: readonly number[]
}

/** Which spans are sent, and under which names. All spans of a trace have the same fate, here and wherever else the rate is the same. */
export class SpanSelection {
  readonly #rename: (span: Span) => Span
  readonly #keeps: (span: Span) => boolean

  constructor({ traceSampler, traceSampleRate, createChildSpans, spanNamePrefix }: Config) {
    const threshold = thresholdOf({ always_on: 1, always_off: 0, parentbased_traceidratio: traceSampleRate }[traceSampler])
    this.#keeps = (span) => (createChildSpans || !span.parentSpanId) && (threshold === 0n || randomness(span) >= threshold)
    this.#rename = spanNamePrefix === undefined ? (span) => span : (span) => ({ ...span, name: `${spanNamePrefix}.${span.name}` })
  }

  of({ spans }: TracesBatch): Selected {
    const indexes = [...spans.keys()].filter((index) => this.#keeps(spans[index]!))
    return { batch: { signal: 'traces', spans: indexes.map((index) => this.#rename(spans[index]!)) }, indexes }
  }
}

const digits = 14

/** What of 56 random bits is below it is left out: https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/. */
const thresholdOf = (rate: number): bigint => BigInt(Math.round((1 - rate) * 2 ** 56))

/** The 56 random bits of a trace: those in its state, where somebody has put them there, else the last of its id. */
function randomness({ traceId, traceState = '' }: Span): bigint {
  const [, given] = /(?:^|,)\s*ot=(?:[^,]*;)?rv:([\da-f]{14})(?:[;,\s]|$)/.exec(traceState) ?? []
  const last = given ?? traceId.slice(-digits)
  return /^[\da-f]{14}$/i.test(last) ? BigInt(`0x${last}`) : 0n
}
