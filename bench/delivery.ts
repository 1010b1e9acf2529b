/** What it costs to deliver through exporters that hold others, beside calling the exporter directly. README.md tells how it is measured. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Batch,
  BufferedExporter,
  batchRecords,
  ConditionalExporter,
  createContext,
  type EventExporter,
  MonitoredExporter,
  ok,
  ResilientExporter,
} from '../src/index.ts'
import { gauges, scrapes } from './data/gauges.ts'
import type { Comparison } from './measure/comparison.ts'

type Wrap = (exporter: EventExporter<Batch>) => EventExporter<Batch>

const records = batchRecords
const conditional: Wrap = (exporter) =>
  new ConditionalExporter([{ condition: ({ signal }) => signal === 'metrics', exporter }], { records })
const buffered: Wrap = (exporter) => new BufferedExporter(exporter, { records })
const monitored: Wrap = (exporter) => new MonitoredExporter(exporter, { records })
const resilient: Wrap = (exporter) => new ResilientExporter(exporter, { records })

const cases: Readonly<Record<string, Wrap>> = {
  'conditional → buffered → monitored → resilient': (exporter) => conditional(buffered(monitored(resilient(exporter)))),
  conditional,
  buffered,
  monitored,
  resilient,
}

const batches = scrapes(gauges(1_000), 20, 1_000)
const rounds = 500
const count = batches.length * 1_000 * rounds

/** Over a buffer on disk, synced: eight emitters at once, each waiting for its batch to be accepted. */
const diskRounds = 96
const emitters = 8

export default function* (): Generator<Comparison> {
  for (const [name, wrap] of Object.entries(cases)) {
    yield {
      case: name,
      alternative: 'no decorator',
      unit: 'points',
      count,
      ours: () => deliver(wrap),
      theirs: () => deliver((exporter) => exporter),
    }
  }
  yield {
    case: 'buffered on disk, eight emitters',
    alternative: 'buffered in memory',
    unit: 'points',
    count: batches.length * 1_000 * diskRounds,
    ours: () => deliverAtOnce('disk'),
    theirs: () => deliverAtOnce('memory'),
  }
}

async function deliverAtOnce(type: 'disk' | 'memory'): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'waybill-bench-'))
  let received = 0
  const exporter = new BufferedExporter<Date, Batch>(
    {
      name: 'null',
      async export(_time, batch) {
        received += records.count(batch)
        return ok
      },
    },
    { ...(type === 'disk' ? { type, directory } : { type }), batchSize: 10_000, maxRecords: 100_000_000, maxBytes: '8GiB', records },
  )
  const context = createContext()
  const time = new Date()
  const emit = async () => {
    for (let round = 0; round < diskRounds / emitters; round++)
      for (const batch of batches) assert.equal((await exporter.export(time, batch, context)).status, 'ok')
  }
  await Promise.all(Array.from({ length: emitters }, emit))
  await exporter.flush(context)
  assert.equal(received, batches.length * 1_000 * diskRounds, 'not all points arrived')
  await exporter.stop(context)
  rmSync(directory, { recursive: true })
}

/** Gives the exporter batches of 1,000 points, and after every 20 waits until what waits in it has arrived too. */
async function deliver(wrap: Wrap): Promise<void> {
  let received = 0
  const exporter = wrap({
    name: 'null',
    async export(_time, batch) {
      received += records.count(batch)
      return ok
    },
  })
  const context = createContext()
  const time = new Date()
  for (let round = 0; round < rounds; round++) {
    for (const batch of batches) await exporter.export(time, batch, context)
    await exporter.flush?.(context)
  }
  assert.equal(received, count, 'not all points arrived')
}
