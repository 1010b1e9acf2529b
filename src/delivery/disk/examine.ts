import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Booked } from '../../core/account.ts'
import { WaybillError } from '../../core/errors.ts'
import type { Log, LogFields } from '../../core/log.ts'
import type { RecordType } from '../../core/record-type.ts'
import { holderOf } from '../../files/lock.ts'
import { type FileLayer, realFiles } from './file-layer.ts'
import type { Keyring } from './keyring.ts'
import { Quarantine, quarantineName } from './quarantine.ts'
import { ReadAhead } from './read-ahead.ts'
import { readOnly } from './read-only-files.ts'
import { recover, stateName } from './recover.ts'
import { refuse } from './refuse.ts'
import { segmentName, segmentNumber } from './segment-header.ts'
import type { Damage, Read } from './segment-reader.ts'
import { isSpare, type Segment } from './segment-writer.ts'
import { pendingOf } from './state.ts'
import { StateFile } from './state-file.ts'
import { lockName, takeFolder } from './take-folder.ts'

export interface ExamineOptions<T> {
  readonly folder: string
  readonly records: RecordType<T>
  readonly keys: Keyring
  /**
   * `look`: what the files say of themselves. `verify`: everything that is still to be delivered is read as well. `repair`: likewise,
   * and what opening the buffer and delivering from it would change is changed: a torn end is cut off, damaged bytes are put aside.
   */
  readonly how: 'look' | 'verify' | 'repair'
}

export interface Examination {
  readonly folder: string
  /** Of the live process that has it. */
  readonly pid?: number
  /** 32 hex digits, the same in all its segments. */
  readonly buffer: string
  /** The highest version among its segments; absent without segments. */
  readonly version?: number
  readonly segments: readonly SegmentFacts[]
  readonly spares: Amount
  readonly quarantined: Amount
  /** All records before this position are settled. */
  readonly done: number
  readonly accepted: number
  readonly pending: number
  /** When the first that waits was accepted, where that can be read. */
  readonly oldestMs?: number
  /** The account, as it was noted last. */
  readonly booked: Booked
  /** What an opening tells of what it finds. */
  readonly told: readonly Told[]
  /** Only after `verify` and `repair`: what cannot be read, and how many records are lost by it. */
  readonly damage?: readonly Omit<Damage, 'bytes'>[]
  readonly lost?: number
}

export interface SegmentFacts extends Omit<Segment, 'number'> {
  readonly file: string
}

export interface Amount {
  readonly files: number
  readonly bytes: number
}

export interface Told extends LogFields {
  readonly message: string
}

/**
 * What is in the folder of a disk buffer. Only `repair` changes anything. Rejects with WaybillError `BUFFER_IN_USE` where a live
 * process has it and more is wanted than a look, `BUFFER_NEWER`, `BUFFER_KEY`, and `FILE_UNREADABLE` where there is no buffer.
 */
export async function examine<T>(options: ExamineOptions<T>): Promise<Examination> {
  const { folder, how } = options
  const names = await namesIn(folder)
  if (!names.some((name) => name === stateName || segmentNumber(name) !== undefined))
    throw new WaybillError('FILE_UNREADABLE', `there is no buffer in ${folder}`, {
      hint: 'those of an agent are in <data dir>/buffers/<name of the exporter>',
    })
  if (how === 'repair') {
    const release = await takeFolder(realFiles, folder)
    return examined(realFiles, options).finally(release)
  }
  const pid = await holderOf(join(folder, lockName))
  if (pid !== undefined && how === 'verify')
    throw new WaybillError('BUFFER_IN_USE', `the buffer in ${folder} is in use by process ${pid}`, {
      hint: 'it changes while that runs, which tells of damage itself: stop it first, or inspect the buffer',
    })
  const seen = pid === undefined ? examined(readOnly(realFiles), options) : examinedInUse(options)
  return { ...(await seen), ...(pid !== undefined && { pid }) }
}

/** Files may go while they are looked at. */
async function examinedInUse<T>(options: ExamineOptions<T>, tries = 5): Promise<Examination> {
  return examined(readOnly(realFiles), options).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' || tries === 1) throw error
    return examinedInUse(options, tries - 1)
  })
}

async function examined<T>(files: FileLayer, { folder, records, keys, how }: ExamineOptions<T>): Promise<Examination> {
  if (how !== 'look' || !keys.isEmpty) await refuse({ files, folder, keys })
  const told: Told[] = []
  const log = logTo(told)
  const { file, state: known, damaged } = await StateFile.open(files, join(folder, stateName))
  await file.close()
  const { state, segments } = await recover({ files, folder, keys, log, state: known, damaged })
  const damage: Damage[] = []
  const written = { segments, committed: state.next }
  const ahead = new ReadAhead<unknown, T>(
    { files, folder, records, keys, batchSize: undefined, written, damaged: (it) => void damage.push(it) },
    state,
  )
  const first = await ahead.peek(state.done)
  const oldestMs = ahead.first?.acceptedMs
  const lost = how === 'look' ? 0 : await lostFrom(first, ahead)
  await ahead.close()
  if (how === 'repair') await putAside(damage, new Quarantine(files, folder, log))
  return {
    folder,
    buffer: state.buffer,
    ...(segments.length > 0 && { version: Math.max(...segments.map(versionOf)) }),
    segments: segments.map((segment, index) => factsOf(segment, segments[index + 1]?.from ?? state.next)),
    spares: await amountOf(folder, isSpare),
    quarantined: await amountOf(join(folder, quarantineName)),
    done: state.done,
    accepted: state.next,
    pending: pendingOf(state),
    ...(oldestMs !== undefined && { oldestMs }),
    booked: state.booked,
    told,
    ...(how !== 'look' && { damage: damage.map(({ file, offset, why }) => ({ file, offset, why })), lost }),
  }
}

/** How many records are missing from that item on. */
async function lostFrom<T>(first: Read<unknown, T> | undefined, ahead: ReadAhead<unknown, T>): Promise<number> {
  let lost = 0
  for (let item = first; item; item = await ahead.peek(item.until)) if (item.kind === 'lost') lost += item.until - item.from
  return lost
}

async function putAside(damage: readonly Damage[], quarantine: Quarantine): Promise<void> {
  for (const it of damage) quarantine.put(it)
  await quarantine.idle()
}

/** Without the key nothing is known of the records in the last segment but how many there should be: those up to `next`. */
const factsOf = ({ number, ...segment }: Segment, next: number): SegmentFacts => ({
  file: segmentName(number),
  ...segment,
  until: segment.encrypted ? Math.max(segment.until, next) : segment.until,
})

const versionOf = ({ packed, encrypted }: Segment): number => (packed || encrypted ? 2 : 1)

async function amountOf(folder: string, isOne: (name: string) => boolean = () => true): Promise<Amount> {
  const names = (await namesIn(folder)).filter(isOne)
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  return { files: names.length, bytes: sizes.reduce((sum, size) => sum + size, 0) }
}

/** None where there is no such folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
  return realFiles.list(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
}

function logTo(told: Told[]): Log {
  const tell = (message: string, fields: LogFields = {}) => void told.push({ message, ...fields })
  const log: Log = { debug() {}, info: tell, warn: tell, error: tell, child: () => log }
  return log
}
