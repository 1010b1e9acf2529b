import { type Batch, type Context, defineProcessor, type Processor, recordsOf, signals, WaybillError, withRecords, z } from '../../sdk.ts'

const config = z.object({
  rate: z.number().min(0).max(1).describe('What share of the records to keep, from 0 (none) to 1 (all).'),
})

export interface SampleProcessorOptions extends z.input<typeof config> {
  /** Default: `sample`. */
  readonly name?: string
}

/**
 * Keeps a share of the records. Traces are kept or taken out whole: by the last 56 bits of their ids, which are to be random
 * (https://www.w3.org/TR/trace-context-2/#randomness-of-trace-id), against the rejection threshold of OpenTelemetry's
 * consistent probability sampling (https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/). So every
 * agent decides alike, and a higher rate keeps what a lower one does. Other records are drawn each by itself.
 */
export class SampleProcessor implements Processor {
  readonly name: string
  readonly #rate: number
  readonly #threshold: bigint

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'sample', ...options }: SampleProcessorOptions) {
    const parsed = config.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of SampleProcessor: ${z.prettifyError(parsed.error)}`)
    this.name = name
    this.#rate = parsed.data.rate
    this.#threshold = 2n ** 56n - BigInt(Math.round(this.#rate * 2 ** 56))
  }

  process(batch: Batch, context: Context): Batch {
    if (batch.signal !== 'traces')
      return withRecords(
        batch,
        recordsOf(batch).filter(() => context.random() < this.#rate),
      )
    return withRecords(
      batch,
      batch.spans.filter(({ traceId }) => BigInt(`0x${traceId.slice(-14)}`) >= this.#threshold),
    )
  }
}

/** Keeps a share of the records. */
export default defineProcessor({
  type: 'sample',
  summary: 'Keeps a share of the records; traces whole, by their ids.',
  signals,
  config,
  create: ({ name, config }) => new SampleProcessor({ ...config, name }),
})
