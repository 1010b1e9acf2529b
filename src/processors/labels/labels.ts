import { type Batch, defineProcessor, type Processor, type Series, SeriesCache, secret, series, z } from '../../sdk.ts'
import { type Relabel, relabelling } from './relabel.ts'

const name = z.string().min(1)

const config = z.object({
  rename: z.record(name, name).default({}).describe('Old names to new ones.'),
  drop: z.array(name).default([]).describe('Names of those to drop; `*` stands for any characters.'),
  hash: z.array(name).default([]).describe('Names of those whose values are replaced by a hash; `*` stands for any characters.'),
  hashKey: secret()
    .optional()
    .describe('Makes the hash one that nobody without this key can look up or repeat (HMAC-SHA-256, not SHA-256).'),
  set: z.record(name, z.string()).default({}).describe('Names and values to add, in place of any value that there is.'),
})

export interface LabelsProcessorOptions extends Partial<z.output<typeof config>> {
  /** Default: `labels`. */
  readonly name?: string
}

/** Changes the labels of points and alerts and the attributes of spans and logs, in the order rename, drop, hash, set. */
export class LabelsProcessor implements Processor {
  readonly name: string
  readonly #relabel: Relabel
  readonly #series: SeriesCache<Series>

  constructor({ name = 'labels', rename = {}, drop = [], hash = [], hashKey, set = {} }: LabelsProcessorOptions = {}) {
    this.name = name
    this.#relabel = relabelling({ rename, drop, hash, hashKey, set })
    this.#series = new SeriesCache((before) => series(before.name, this.#relabel(Object.fromEntries(before.labels)), before))
  }

  process(batch: Batch): Batch {
    switch (batch.signal) {
      case 'metrics':
        return { ...batch, points: batch.points.map((point) => ({ ...point, series: this.#series.get(point.series) })) }
      case 'traces':
        return { ...batch, spans: batch.spans.map((span) => ({ ...span, attributes: this.#relabel(span.attributes ?? {}) })) }
      case 'logs':
        return { ...batch, records: batch.records.map((record) => ({ ...record, attributes: this.#relabel(record.attributes ?? {}) })) }
      case 'alerts':
        return { ...batch, alerts: batch.alerts.map((alert) => ({ ...alert, labels: this.#relabel(alert.labels) })) }
      case 'rows':
        return batch
    }
  }
}

/** Sets, renames, drops and hashes labels and attributes. */
export default defineProcessor({
  type: 'labels',
  summary: 'Renames, drops, hashes and sets labels and attributes.',
  signals: ['metrics', 'traces', 'logs', 'alerts'],
  config,
  create: ({ name, config }) => new LabelsProcessor({ ...config, name }),
})
