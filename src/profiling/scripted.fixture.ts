import { type Batch, recordsOf } from '../core/batch.ts'
import type { Context } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { type ExportResult, ok } from '../core/result.ts'

type Answer = (batch: Batch, context: Context) => ExportResult | Promise<ExportResult>

/** An exporter that answers as it is told and writes down what it was asked. */
export class ScriptedExporter implements EventExporter<Batch> {
  readonly name: string
  answer: Answer
  readonly batches: Batch[] = []
  readonly life: string[] = []

  constructor(name: string, answer: Answer = () => ok) {
    this.name = name
    this.answer = answer
  }

  async start(): Promise<void> {
    this.life.push('start')
  }

  async export(_time: Date, batch: Batch, context: Context): Promise<ExportResult> {
    this.batches.push(batch)
    return this.answer(batch, context)
  }

  async stop(): Promise<void> {
    this.life.push('stop')
  }

  /** What came, as `metrics`, or `traces` with the names of the spans. */
  get received(): string[] {
    return this.batches.map((batch) => (batch.signal === 'traces' ? `traces ${batch.spans.map(({ name }) => name)}` : batch.signal))
  }

  /** How many records of each batch came. */
  get counts(): number[] {
    return this.batches.map((batch) => recordsOf(batch).length)
  }
}
