import assert from 'node:assert/strict'
import { createContext } from '../../core/context.ts'
import { Ledger } from '../../core/ledger.ts'
import type { Log } from '../../core/log.ts'
import type { RecordType } from '../../core/record-type.ts'
import { type ExportResult, ok, retry } from '../../core/result.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { BufferedExporter, type DiskBufferOptions } from '../buffered.ts'
import { numbers } from '../scripted.fixture.ts'
import { FaultyFiles } from './faulty-files.fixture.ts'
import type { FileLayer } from './file-layer.ts'

/** Numbers that can be put on disk, a few dozen bytes each. */
export const textNumbers: RecordType<readonly number[]> = {
  ...numbers,
  encode: (data) => Buffer.from(data.map((n) => `record ${n} `.padEnd(40, '.')).join('')),
  decode: (bytes) =>
    (
      Buffer.from(bytes)
        .toString()
        .match(/record \d+/g) ?? []
    ).map((text) => Number(text.slice(7))),
}

interface ProcessOptions {
  readonly up: boolean
  readonly segmentBytes?: number
  readonly nowMs?: number
  readonly directory?: string
  /** Further options of the buffer. */
  readonly given?: Partial<DiskBufferOptions<Date, readonly number[]>>
}

/** One process with a buffer in `/b` or that directory, whose destination takes everything or nothing. */
export function process(files: FileLayer, { up, segmentBytes = 400, nowMs = 0, directory = '/b', given = {} }: ProcessOptions) {
  const clock = new ManualClock(nowMs)
  const account = new Ledger({ strict: true }).account('out')
  const told: string[] = []
  const say = (message: string) => void told.push(message)
  const log: Log = { debug() {}, info: say, warn: say, error: say, child: () => log }
  const delivered: number[] = []
  const destination = {
    name: 'out',
    async export(_time: Date, data: readonly number[]): Promise<ExportResult> {
      if (!up) return retry(new Error('down'), { scope: 'destination' })
      delivered.push(...data)
      return ok
    },
  }
  const options = { type: 'disk', directory, files, segmentBytes, records: textNumbers, account, pace: () => 1000 } as const
  const buffer = new BufferedExporter<Date, readonly number[]>(destination, { ...options, ...given })
  const context = createContext({ clock, log })
  return {
    buffer,
    account,
    told,
    delivered,
    context,
    start: () => buffer.start(context),
    put: (...data: number[]) => buffer.export(new Date(0), data, context),
    flush: () => buffer.flush({ ...context, signal: AbortSignal.timeout(2000) }),
    async stop() {
      const stopped = buffer.stop({ ...context, signal: AbortSignal.abort() })
      for (let turn = 0; turn < 20; turn++) await clock.advance(100)
      await stopped
    },
  }
}

/** The files of a buffer in which the records 0, 1, 2, … wait, one an entry, in segments of about three. */
export async function filled(count = 10, options: Omit<ProcessOptions, 'up'> = {}): Promise<FaultyFiles> {
  const files = new FaultyFiles()
  const it = process(files, { up: false, ...options })
  for (let n = 0; n < count; n++) assert.equal((await it.put(n)).status, 'ok')
  await it.stop()
  return files
}

/** The paths of the segments, in order. */
export const segments = (files: FaultyFiles): readonly string[] => files.paths.filter((path) => path.endsWith('.segment')).toSorted()

/** Changes one file. */
export function alter(files: FaultyFiles, path: string, change: (bytes: Buffer) => Uint8Array | undefined): void {
  const bytes = Buffer.from(files.inode(path)!.live)
  files.set(path, change(bytes) ?? bytes)
}

/** Starts on these files, delivers all there is, and puts one more, which has to arrive too: what was delivered and told. */
export async function delivers(files: FaultyFiles, options: Omit<ProcessOptions, 'up'> = {}) {
  const it = process(files, { up: true, ...options })
  await it.start()
  assert.equal((await it.put(999)).status, 'ok')
  await it.flush()
  it.account.check()
  assert.equal(it.account.pending(), 0)
  await it.stop()
  assert.equal(it.delivered.at(-1), 999)
  return { delivered: it.delivered.slice(0, -1), told: it.told, figures: it.account.figures() }
}

/** 0, 1, 2, … but those. */
export const all = (count: number, ...without: number[]): readonly number[] => [...Array(count).keys()].filter((n) => !without.includes(n))
