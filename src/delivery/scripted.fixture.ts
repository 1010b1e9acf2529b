import type { Context } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import type { RecordType } from '../core/record-type.ts'
import { type ExportResult, ok } from '../core/result.ts'

/** Numbers as records, for tests of exporters that work for any `T`. */
export const numbers: RecordType<readonly number[]> = {
  count: (n) => n.length,
  slice: (n, at) => at.map((i) => n[i]!),
  bytes: (n) => n.length * 8,
  compatible: () => true,
  concat: (parts) => parts.flat(),
}

/** An answer, or what makes one of the data and the context of the call. */
export type Answer = ExportResult | ((data: readonly number[], context: Context) => ExportResult | Promise<ExportResult>)

/** An exporter that answers as it was told, then `ok`, and remembers what it was given. */
export function scripted(...answers: Answer[]) {
  const seen: (readonly number[])[] = []
  const contexts: Context[] = []
  const exporter: EventExporter<readonly number[]> = {
    name: 'scripted',
    async export(_time, data, context) {
      seen.push(data)
      contexts.push(context)
      const answer = answers.shift() ?? ok
      return typeof answer === 'function' ? answer(data, context) : answer
    },
  }
  return { exporter, seen, contexts, answers }
}
