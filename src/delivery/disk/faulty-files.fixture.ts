import { dirname } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { WaybillError } from '../../core/errors.ts'
import type { LockOptions } from '../../files/lock.ts'
import type { FileLayer, FileMode, OpenFile } from './file-layer.ts'

type Change = { readonly offset: number; readonly bytes: Uint8Array } | { readonly length: number }

/** A file as it is, and as it would be after the power went: what was synced, then changes that may or may not be there. */
class Inode {
  live: Buffer
  durable: Buffer
  unsynced: Change[] = []

  constructor(contents: Uint8Array = Buffer.alloc(0)) {
    this.live = Buffer.from(contents)
    this.durable = Buffer.from(contents)
  }

  change(change: Change): void {
    this.live = applied(this.live, change)
    this.unsynced.push(change)
  }

  sync(): void {
    this.durable = this.unsynced.reduce(applied, this.durable)
    this.unsynced = []
  }
}

export type Crash = 'kill' | 'power'

/** Files in memory that fail as told: a crash in the middle of a call, a disk that is full. After a crash every call fails. */
export class FaultyFiles implements FileLayer {
  readonly #random: () => number
  #names = new Map<string, Inode>()
  #durableNames = new Map<string, Inode>()
  readonly #locked = new Set<string>()
  #crashed = false
  /** How many calls from now on the crash comes. */
  crashIn = Number.POSITIVE_INFINITY
  /** Calls that fail, and change nothing. */
  broken: readonly ('sync' | 'truncate')[] = []
  /** Bytes that there is room for in all files together. */
  space = Number.POSITIVE_INFINITY

  /** `random` decides what is left after a crash. */
  constructor(random: () => number = () => 0.5) {
    this.#random = random
  }

  get crashed(): boolean {
    return this.#crashed
  }

  /** The contents of a file, to look at and to change. */
  inode(path: string): Inode | undefined {
    return this.#names.get(path)
  }

  get paths(): readonly string[] {
    return [...this.#names.keys()]
  }

  set(path: string, contents: Uint8Array): void {
    const inode = new Inode(contents)
    this.#names.set(path, inode)
    this.#durableNames.set(path, inode)
  }

  /** What the next process finds. `kill`: all that was written; `power`: what was synced, and of the rest something. */
  after(crash: Crash): FaultyFiles {
    this.#crashed = true
    const left = new FaultyFiles(this.#random)
    const names = crash === 'kill' || this.#random() < 0.5 ? this.#names : this.#durableNames
    for (const [path, inode] of names) {
      left.#names.set(path, new Inode(crash === 'kill' ? inode.live : this.#afterPowerCut(inode)))
    }
    left.#durableNames = new Map(left.#names)
    return left
  }

  async makeFolder(): Promise<void> {
    await this.#call()
  }

  async list(folder: string): Promise<readonly string[]> {
    await this.#call()
    return this.paths.filter((path) => dirname(path) === folder).map((path) => path.slice(folder.length + 1))
  }

  async open(path: string, mode: FileMode): Promise<OpenFile> {
    await this.#call()
    let inode = this.#names.get(path)
    if (!inode && mode === 'read') throw failure('ENOENT')
    if (!inode) {
      inode = new Inode()
      this.#names.set(path, inode)
    }
    return this.#file(inode, mode === 'commit')
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#call()
    const inode = this.#names.get(from)
    if (!inode) throw failure('ENOENT')
    this.#names.delete(from)
    this.#names.set(to, inode)
  }

  async remove(path: string): Promise<void> {
    await this.#call()
    this.#names.delete(path)
  }

  async syncFolder(): Promise<void> {
    await this.#call()
    this.#durableNames = new Map(this.#names)
  }

  async lock(path: string, { code, message, hint }: LockOptions): Promise<() => void> {
    await this.#call()
    if (this.#locked.has(path)) throw new WaybillError(code!, message(process.pid), { hint })
    this.#locked.add(path)
    return () => void this.#locked.delete(path)
  }

  /** At once, so that a run can be repeated. */
  async compress(bytes: Uint8Array): Promise<Uint8Array> {
    await this.#call()
    return zstdCompressSync(bytes)
  }

  #file(inode: Inode, commits: boolean): OpenFile {
    const sync = async () => {
      await this.#call()
      if (this.broken.includes('sync')) throw failure('EIO')
      inode.sync()
    }
    return {
      size: async () => {
        await this.#call()
        return inode.live.length
      },
      read: async (offset, length) => {
        await this.#call()
        return Buffer.from(inode.live.subarray(offset, offset + length))
      },
      write: async (pieces, offset) => {
        const copy = Buffer.concat(pieces)
        await this.#call(() => inode.change({ offset, bytes: copy.subarray(0, Math.floor(this.#random() * (copy.length + 1))) }))
        const room = this.space - [...this.#names.values()].reduce((sum, { live }) => sum + live.length, 0)
        const more = offset + copy.length - inode.live.length
        if (more > Math.max(0, room)) {
          inode.change({ offset, bytes: copy.subarray(0, Math.max(0, copy.length - more + Math.max(0, room))) })
          throw failure('ENOSPC')
        }
        inode.change({ offset, bytes: copy })
        if (commits) await sync()
      },
      truncate: async (length) => {
        await this.#call()
        if (this.broken.includes('truncate')) throw failure('EIO')
        inode.change({ length })
      },
      sync,
      close: async () => {},
    }
  }

  /** One call to the system; `half` is what it does when the crash comes in its middle. */
  async #call(half: () => void = () => {}): Promise<void> {
    await undefined
    if (this.#crashed) throw failure('EIO')
    if (this.crashIn-- > 0) return
    half()
    this.#crashed = true
    throw failure('EIO')
  }

  #afterPowerCut({ durable, unsynced }: Inode): Buffer {
    let left: Buffer = Buffer.from(durable)
    for (const change of unsynced) {
      const fate = this.#random()
      if (fate < 0.3) continue
      left = applied(left, fate < 0.6 ? this.#torn(change) : change)
    }
    return left
  }

  /** A part of it from anywhere. */
  #torn(change: Change): Change {
    if ('length' in change) return change
    const { offset, bytes } = change
    const [a, b] = [Math.floor(this.#random() * bytes.length), Math.floor(this.#random() * bytes.length)]
    return { offset: offset + Math.min(a, b), bytes: bytes.subarray(Math.min(a, b), Math.max(a, b)) }
  }
}

/** The contents after the change: the same buffer while their length stays. */
function applied(contents: Buffer, change: Change): Buffer {
  if ('length' in change) return resized(contents, change.length)
  const { offset, bytes } = change
  if (bytes.length === 0) return contents
  const changed = resized(contents, Math.max(contents.length, offset + bytes.length))
  changed.set(bytes, offset)
  return changed
}

function resized(contents: Buffer, length: number): Buffer {
  if (length === contents.length) return contents
  const other = Buffer.alloc(length)
  contents.copy(other)
  return other
}

const failure = (code: string): NodeJS.ErrnoException => Object.assign(new Error(`${code}: injected`), { code })
