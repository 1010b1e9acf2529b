import { JsonLinesEncoder } from '../../codecs/jsonl/jsonl.ts'
import type { Batch } from '../../core/batch.ts'
import { createContext } from '../../core/context.ts'
import type { EventExporter } from '../../core/exporter.ts'
import { Ledger } from '../../core/ledger.ts'
import { silent } from '../../core/log.ts'
import { ok } from '../../core/result.ts'
import { MemoryBudget } from '../../delivery/memory-budget.ts'
import type { LoadedConfig } from '../config/load.ts'
import type { TestConfig } from '../config/test-schema.ts'
import { createInstances } from '../instances.ts'
import { Intakes } from '../intakes.ts'
import { Taps } from '../taps.ts'
import { mismatch } from './mismatch.ts'
import { batchesOf } from './test-batches.ts'

export interface TestOutcome {
  readonly name: string
  /** What differs; empty when it passed. */
  readonly differences: readonly string[]
}

/** When the records of a test are handed over. */
const at = new Date(0)

/** Runs the tests of a configuration: real processors and conditions, and in place of each exporter one that remembers. */
export async function runTests(config: LoadedConfig): Promise<readonly TestOutcome[]> {
  const outcomes: TestOutcome[] = []
  for (const test of config.file.tests) outcomes.push({ name: test.name, differences: await runTest(config, test) })
  return outcomes
}

async function runTest(config: LoadedConfig, { input, records, expect }: TestConfig): Promise<string[]> {
  const arrived = new Map<string, unknown[]>()
  const encoder = new JsonLinesEncoder()
  const remembering = (name: string): EventExporter<Batch> => ({
    name,
    async export(_time, batch) {
      const lines = encoder.lines(batch).map((line) => JSON.parse(line) as unknown)
      arrived.set(name, [...(arrived.get(name) ?? []), ...lines])
      return ok
    },
  })
  const instances = createInstances(config, {
    dataDir: config.file.dataDir,
    log: silent,
    ledger: new Ledger({ strict: true }),
    budget: new MemoryBudget(config.file.maxMemory),
    deadLetter: remembering(''),
    taps: new Taps(),
    find: remembering,
    keep: ({ plugin, name }) => (plugin.kind === 'exporter' ? remembering(name) : undefined),
  })
  const intakes = new Intakes()
  const context = createContext()
  await intakes.change(config, instances, { signal: context.signal })
  for (const batch of batchesOf(records, at)) await intakes.of(input).export(at, batch, context)
  return Object.entries(expect).flatMap(([exporter, expected]) =>
    mismatch(expected, arrived.get(exporter) ?? []).map((difference) => `${exporter}: ${difference}`),
  )
}
