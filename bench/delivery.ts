/** What it costs to deliver through exporters that hold others, beside calling the exporter directly. README.md tells how it is measured. */
import assert from 'node:assert/strict'
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
