/**
 * `node --conditions=waybill-source test/crash/backlog.ts [size] [points|logs]`: how much memory a disk buffer takes while a backlog of that
 * size (default 1GiB) comes to be, and how long it takes, and how much memory, to deliver the first of it after a start, and all of it.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Batch,
  BufferedExporter,
  batchRecords,
  createContext,
  type EventExporter,
  metrics,
  parseSize,
  series,
} from '../../src/index.ts'

const [size = '1GiB', kind = 'points', task, directory = ''] = process.argv.slice(2)
const bytes = parseSize(size)
const print = (line: string) => void process.stdout.write(`${line}\n`)

if (task === 'fill') await fill()
else if (task === 'drain') await drain()
else {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-backlog-'))
  try {
    for (const task of ['fill', 'drain']) {
      const args = ['--conditions=waybill-source', import.meta.filename, size, kind, task, join(folder, 'buffer')]
      await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit')
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function bufferBefore(exporter: EventExporter<Batch>) {
  return new BufferedExporter(exporter, { type: 'disk', directory, records: batchRecords, maxBytes: 2 * bytes, batchSize: 5000 })
}

async function fill(): Promise<void> {
  const away = { name: 'away', export: async () => ({ status: 'retry', error: new Error('away'), scope: 'destination' }) as const }
  const buffer = bufferBefore(away)
  const context = createContext()
  await buffer.start(context)
  // Made beforehand, so that what is measured is the buffer.
  const batches = Array.from({ length: 4 }, (_, index) => batchOf(index * 1000))
  const start = performance.now()
  let records = 0
  while (buffer.bufferStats().bytes < bytes) {
    const results = await Promise.all(batches.map((batch) => buffer.export(new Date(), batch, context)))
    if (results.some(({ status }) => status !== 'ok')) throw new Error('the buffer refuses')
    records += 4000
  }
  tell(`${records.toLocaleString('en-US')} records are ${size} on disk`, start)
  await buffer.stop({ ...context, signal: AbortSignal.abort() })
}

async function drain(): Promise<void> {
  const context = createContext()
  const start = performance.now()
  let delivered = 0
  const buffer = bufferBefore({
    name: 'back',
    async export(_time, batch) {
      if (delivered === 0) tell('started, the first is delivered', start)
      delivered += batchRecords.count(batch)
      return { status: 'ok' }
    },
  })
  await buffer.start(context)
  await buffer.flush(context)
  tell(`${delivered.toLocaleString('en-US')} records are delivered`, start)
  await buffer.stop(context)
}

function tell(what: string, start: number): void {
  const seconds = ((performance.now() - start) / 1000).toFixed(2)
  const resident = Math.round(process.resourceUsage().maxRSS / 1024)
  print(`${what} after ${seconds} s; at most ${resident} MiB resident`)
}

function batchOf(from: number): Batch {
  const numbers = Array.from({ length: 1000 }, (_, index) => from + index)
  if (kind === 'logs') return { signal: 'logs', records: numbers.map((n) => ({ timeNs: BigInt(n), body: `${n} `.repeat(120) })) }
  return metrics(numbers.map((n) => ({ series: series('backlog', { core: String(n % 500) }), timeMs: 1.8e12 + n, value: Math.sqrt(n) })))
}
