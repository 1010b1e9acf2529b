import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { takenBy } from '../src/cli/commands/system/taken-by.ts'
import { EventExportController } from '../src/controllers/event.ts'
import { Dashboard } from '../src/dashboard/dashboard.ts'
import { feedOf } from './system-feed.fixture.ts'

const refreshMs = 100
const minuteMs = 60_000

/**
 * Runs `waybill system` every 100 ms with CSV, Prometheus and the view for so many minutes of a clock that is moved by hand, and
 * checks that no sample is lost and that memory in the last sixth is that of the first, up to five percent.
 */
export async function checkSpan(t: TestContext, minutes: number): Promise<void> {
  const dashboard = new Dashboard({ refreshMs })
  const shown = [takenBy('terminal', (points, timeMs) => dashboard.update(points, timeMs))]
  const args = `--output csv,prometheus --output-file {folder}/a.csv --prometheus-port 0 --refresh-ms ${refreshMs}`
  const feed = await feedOf(t, args, { shown, others: [] })
  feed.become({
    cpus: { 0: { user: 1, idle: 1 }, 1: { user: 1, idle: 1 } },
    disks: { sda: { read: 1, written: 1 } },
    interfaces: { eth0: { received: 1, sent: 1 } },
    memory: { available: 1_000_000, swapFree: 0 },
  })
  let missed = 0
  const onMissed = () => missed++
  const { component: source } = feed.sources[0]!
  const controller = new EventExportController({ source, exporter: feed.pipelines[0]!, context: feed.context, onMissed, immediate: false })
  controller.start(refreshMs)
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const heapBytes: number[] = []
  for (let minute = 0; minute < minutes; minute++) {
    for (let ms = 0; ms < minuteMs; ms += refreshMs) await feed.clock.advance(refreshMs)
    await feed.settled()
    collectGarbage()
    heapBytes.push(process.memoryUsage().heapUsed)
  }
  await controller.stop()

  assert.equal(missed, 0)
  const { exporters } = feed.ledger.figures()
  assert.equal(new Set(exporters.map(({ delivered }) => delivered)).size, 1)
  for (const { delivered, accepted, pending, refused } of exporters) assert.deepEqual([pending, refused, delivered], [0, 0, accepted])
  let rows = 0
  for await (const line of createInterface(createReadStream(join(feed.folder, 'a.csv')))) if (line.startsWith('2027-')) rows++
  assert.equal(rows, (minutes * minuteMs) / refreshMs)
  const sixth = Math.ceil(minutes / 6)
  const [first, last] = [mean(heapBytes.slice(0, sixth)), mean(heapBytes.slice(-sixth))]
  assert.ok(last < first * 1.05, `${first} bytes of heap became ${last}`)
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
