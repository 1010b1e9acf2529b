/** What a buffer takes and acknowledges once it is on the device, beside databases and beside writing the same bytes plainly. README.md tells how it is measured. */
import { spawnSync } from 'node:child_process'
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { BufferedExporter, createContext, type EventExporter, type RecordType } from '../src/index.ts'
import type { Comparison } from './measure/comparison.ts'

const recordsEach = 1000
const batches = 1600
const batch = Buffer.from(Array.from({ length: recordsEach * 200 }, (_, at) => (at * 2_654_435_761) >>> 24))

const blobs: RecordType<Uint8Array> = {
  count: () => recordsEach,
  slice: (data) => data,
  bytes: (data) => data.length,
  encode: (data) => data,
  decode: (bytes) => bytes,
}

type Put = { put(batch: Uint8Array): void | Promise<void>; close(): void | Promise<void> }
type Opened = (folder: string) => Put

/** The destination never answers, so that only what is put is measured. */
const silent: EventExporter<Uint8Array> = {
  name: 'silent',
  export: (_time, _data, { signal }) =>
    new Promise((resolve) =>
      signal.addEventListener('abort', () => resolve({ status: 'retry', error: new Error('aborted'), scope: 'destination' })),
    ),
}

const ours: Opened = (directory) => {
  const buffer = new BufferedExporter(silent, { type: 'disk', directory, maxBytes: '4GiB', records: blobs })
  const context = createContext()
  const time = new Date()
  return {
    async put(batch) {
      const { status } = await buffer.export(time, batch, context)
      if (status !== 'ok') throw new Error(status)
    },
    close: () => buffer.stop({ ...context, signal: AbortSignal.abort() }),
  }
}

const sqlite: Opened = (folder) => {
  const database = new DatabaseSync(join(folder, 'queue.db'))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE queue (id INTEGER PRIMARY KEY, batch BLOB)')
  const insert = database.prepare('INSERT INTO queue (batch) VALUES (?)')
  return { put: (batch) => void insert.run(batch), close: () => database.close() }
}

/** What is used of the package lmdb. */
interface Lmdb {
  open(options: object): { put(key: number, value: Uint8Array): Promise<unknown>; close(): Promise<void> }
}

/** The package, where somebody has installed it: it is not a dependency, since it does not come for every platform. */
const packageName: string = 'lmdb'
const { open } = (await import(packageName).catch(() => ({}))) as Partial<Lmdb>

const lmdb: Opened = (folder) => {
  const database = open!({ path: folder, encoding: 'binary', overlappingSync: false })
  let key = 0
  return {
    async put(batch) {
      await database.put(key++, batch)
    },
    close: () => database.close(),
  }
}

const plain: Opened = (folder) => {
  const file = openSync(join(folder, 'file'), 'w')
  return {
    put(batch) {
      writeSync(file, batch)
      fdatasyncSync(file)
    },
    close: () => closeSync(file),
  }
}

const alternatives = { 'node:sqlite': sqlite, ...(open && { lmdb }), 'write + fdatasync': plain }

export default function* (): Generator<Comparison> {
  for (const writers of [1, 8]) {
    for (const [alternative, theirs] of Object.entries(alternatives)) {
      yield {
        case: writers === 1 ? 'one writer' : `${writers} writers`,
        alternative,
        unit: 'records',
        count: batches * recordsEach,
        prepare: settleDisk,
        ours: () => fill(ours, writers),
        theirs: () => fill(theirs, writers),
      }
    }
  }
}

/** Removing the files of the run before is work for the disk that belongs to neither. */
const settleDisk = (): void => void spawnSync('sync')

/** Each writer puts its next batch when the last is acknowledged. How many seconds that takes, from the opening to the end of the closing. */
async function fill(opened: Opened, writers: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-'))
  try {
    const start = performance.now()
    const it = opened(folder)
    const writer = async () => {
      for (let n = 0; n < batches / writers; n++) await it.put(batch)
    }
    await Promise.all(Array.from({ length: writers }, writer))
    await it.close()
    return (performance.now() - start) / 1000
  } finally {
    rmSync(folder, { recursive: true })
  }
}
