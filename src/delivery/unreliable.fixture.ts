import fc from 'fast-check'
import type { EventExporter } from '../core/exporter.ts'
import { type ExportResult, ok, partial, reject, retry, tooLarge } from '../core/result.ts'

/** What a destination does with a call: the same with all records, or something else with each, in turn. */
export type Conduct =
  | 'ok'
  | 'retry'
  | 'reject'
  | 'too-large'
  | 'throw'
  | { readonly fates: readonly ('taken' | 'later' | 'never')[]; readonly identified: boolean }

export const conduct: fc.Arbitrary<Conduct> = fc.oneof(
  fc.constantFrom('ok', 'retry', 'retry', 'reject', 'too-large', 'throw'),
  fc.record({
    fates: fc.array(fc.constantFrom('taken', 'later', 'never'), { minLength: 1, maxLength: 5 }),
    identified: fc.boolean(),
  }),
)

/** An exporter that does as its conducts say, then always the last of them, and remembers what it took and how often it was called. */
export function unreliable(name: string, conducts: readonly Conduct[]) {
  const took: number[] = []
  let calls = 0
  const exporter: EventExporter<readonly number[]> = {
    name,
    async export(_time, data) {
      const { result, taken } = conductOf(conducts[Math.min(calls++, conducts.length - 1)] ?? 'ok', data)
      took.push(...taken)
      return result()
    },
  }
  return { exporter, took, calls: () => calls }
}

/** What that conduct makes of `data`: the records it takes, and how it answers. */
export function conductOf(it: Conduct, data: readonly number[]): { taken: readonly number[]; result: () => ExportResult } {
  const error = new Error('no')
  const throws = () => {
    throw error
  }
  if (it === 'ok') return { taken: data, result: () => ok }
  if (typeof it === 'string') {
    const results = { retry: () => retry(error), reject: () => reject(error), 'too-large': () => tooLarge(error), throw: throws }
    return { taken: [], result: results[it] }
  }
  const fateOf = (index: number) => it.fates[index % it.fates.length]!
  const indexes = (fate: 'later' | 'never') => [...data.keys()].filter((index) => fateOf(index) === fate)
  const never = indexes('never')
  const rejected = it.identified || never.length === 0 ? never.map((index) => ({ index, error })) : [{ count: never.length, error }]
  return { taken: data.filter((_, index) => fateOf(index) === 'taken'), result: () => partial(rejected, indexes('later')) }
}
