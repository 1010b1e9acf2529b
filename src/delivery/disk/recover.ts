import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Log } from '../../core/log.ts'
import { decodeEntry, kinds } from './bodies.ts'
import { contentsOf } from './contents.ts'
import type { FileLayer } from './file-layer.ts'
import { framesIn } from './frames.ts'
import type { Keyring } from './keyring.ts'
import { isPacking } from './pack-segment.ts'
import { startBytes } from './refuse.ts'
import { decodeHeader, headerBytes, markerOf, segmentName, segmentNumber } from './segment-header.ts'
import { isSpare, type Segment } from './segment-writer.ts'
import { decodeState, emptyState, type QueueState } from './state.ts'
import { isLock } from './take-folder.ts'

export interface Recovered {
  readonly state: QueueState
  /** With records, in order. Each ends where the next begins. */
  readonly segments: readonly Segment[]
  /** Of the next segment. */
  readonly number: number
  /** Files that may be written over. */
  readonly spares: readonly string[]
}

export interface RecoverOptions {
  readonly files: FileLayer
  readonly folder: string
  readonly keys: Keyring
  readonly log: Log
  /** What the state file holds, if that is whole. */
  readonly state: QueueState | undefined
  /** Whether the state file is missing, or holds something that cannot be read. */
  readonly damaged: boolean
}

interface Seen extends Segment {
  readonly buffer: string | undefined
  readonly state: QueueState | undefined
}

/**
 * What a folder holds, whatever was done to it: damaged segments count from what is whole in them, files of others are left
 * alone. All of it is told.
 */
export async function recover(options: RecoverOptions): Promise<Recovered> {
  const { files, folder, log } = options
  const names = (await files.list(folder)).toSorted()
  const numbers = names.map(segmentNumber).filter((number) => number !== undefined)
  for (const name of names) if (isPacking(name)) await files.remove(join(folder, name))
  const foreign = names.filter(
    (name) => segmentNumber(name) === undefined && !isSpare(name) && !isPacking(name) && !isLock(name) && name !== stateName,
  )
  if (foreign.length > 0) log.warn('files that are not of the buffer are left alone', { folder, files: foreign })

  const seen: Seen[] = []
  for (const number of numbers) {
    const segment = await look(number, options, number === numbers.at(-1))
    if (segment) seen.push(segment)
  }
  const buffer = options.state?.buffer ?? seen.find((segment) => segment.buffer)?.buffer ?? randomBytes(16).toString('hex')
  const own = seen.filter((segment) => {
    const isOwn = (segment.buffer ?? buffer) === buffer
    if (!isOwn) log.warn('a segment of another buffer is left alone', { file: join(folder, segmentName(segment.number)) })
    return isOwn
  })
  for (const [index, segment] of own.entries()) segment.until = own[index + 1]?.from ?? segment.until
  const state = stateOf(own, buffer, options)
  return {
    state,
    segments: own.map(({ buffer: _, state: __, ...segment }) => segment),
    number: Math.max(0, ...names.map((name) => Number.parseInt(name, 10)).filter(Number.isSafeInteger)) + 1,
    spares: names.filter(isSpare).map((name) => join(folder, name)),
  }
}

export const stateName = 'state'

/** A segment as far as can be told without reading all of it; the last one is read. Undefined for what is none. */
async function look(number: number, { files, folder, keys, log }: RecoverOptions, isLast: boolean): Promise<Seen | undefined> {
  const name = segmentName(number)
  const path = join(folder, name)
  const file = await files.open(path, 'read')
  try {
    const bytes = await file.size()
    if (bytes === 0) {
      log.warn('an empty segment is removed', { file: path })
      await files.remove(path)
      return undefined
    }
    const start = await file.read(0, Math.min(bytes, startBytes))
    const decoded = decodeHeader(start)
    const header = decoded && 'marker' in decoded ? decoded : undefined
    if (header && header.number !== number) {
      log.warn('a segment under the name of another is left alone', { file: path, number: header.number })
      return undefined
    }
    const marker = header?.marker ?? markerOf(start)
    const whole = isLast || !header ? await file.read(0, bytes) : start
    const { from, until, end, torn, state, frames } = marker === undefined ? nothing : survey(whole, marker, keys)
    if (!header && frames === 0) {
      log.warn('a file that holds no segment is left alone', { file: path })
      return undefined
    }
    if (!header) log.warn('the header of a segment is damaged: it is read without', { file: path })
    if (torn && isLast) {
      log.warn('the end of a segment is torn: a write was cut short', { file: path, offset: end, bytes: bytes - end })
      await truncate(files, path, end)
    }
    const first = header?.from ?? from ?? 0
    const { buffer, packed = false, encrypted = false } = header ?? {}
    return { number, from: first, until: until ?? first, bytes: torn && isLast ? end : bytes, packed, encrypted, buffer, state }
  } finally {
    await file.close()
  }
}

const nothing = { from: undefined, until: undefined, end: 0, torn: false, state: undefined, frames: 0 }

/** What the frames of a segment tell. */
function survey(bytes: Buffer, marker: number, keys: Keyring) {
  let from: number | undefined
  let until: number | undefined
  let end = headerBytes
  let torn = false
  let state: QueueState | undefined
  let frames = 0
  for (const frame of framesIn(bytes, marker, headerBytes)) {
    if (frame.kind === 'end') torn = frame.torn
    if (frame.kind !== 'frame') continue
    frames++
    end = frame.end
    for (const body of wholeContents(frame.body, keys)) {
      if (body[0] === kinds.state) state ??= decodeState(body.subarray(1))
      if (body[0] !== kinds.entry) continue
      const { head } = decodeEntry(body)
      from ??= head.from
      until = Math.max(until ?? 0, head.from + head.records)
    }
  }
  return { from, until, end, torn, state, frames }
}

/** What cannot be had is for the reader to tell. */
function wholeContents(body: Buffer, keys: Keyring): readonly Buffer[] {
  try {
    return [...contentsOf(body, keys)]
  } catch {
    return []
  }
}

/** The newest state that is known; without one, what is before the first segment is counted as gone nobody knows how. */
function stateOf(own: readonly Seen[], buffer: string, { state, damaged, log, folder }: RecoverOptions): QueueState {
  const next = Math.max(state?.next ?? 0, ...own.map(({ until }) => until))
  if (state) return upTo(next, state)
  if (damaged && own.length > 0)
    log.warn('how far the buffer had come cannot be read: records may be delivered again', { file: join(folder, stateName) })
  const kept = own.map((segment) => segment.state).filter((known) => known !== undefined)
  const newest = kept.reduce<QueueState | undefined>((best, known) => (best && best.serial >= known.serial ? best : known), undefined)
  if (newest) return upTo(Math.max(next, newest.next), { ...newest, buffer })
  const done = own[0]?.from ?? 0
  const empty = emptyState(buffer)
  const booked = { ...empty.booked, accepted: done, dropped: done > 0 ? { unknown: done } : {} }
  return upTo(next, { ...empty, next: done, done, booked })
}

/** With everything that was accepted since. */
const upTo = (next: number, state: QueueState): QueueState => ({
  ...state,
  next,
  booked: { ...state.booked, accepted: state.booked.accepted + next - state.next },
})

async function truncate(files: FileLayer, path: string, length: number): Promise<void> {
  const file = await files.open(path, 'write')
  await file.truncate(length).finally(() => file.close())
}
