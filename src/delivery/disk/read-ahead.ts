import type { RecordType } from '../../core/record-type.ts'
import { type Read, SegmentReader, type SegmentReaderOptions } from './segment-reader.ts'
import type { Segment } from './segment-writer.ts'
import type { QueueState } from './state.ts'

export type Entry<Time, T> = Extract<Read<Time, T>, { kind: 'entry' }>

export interface ReadAheadOptions<T> extends SegmentReaderOptions<T> {
  /** What is committed: the segments that there are now, and the position behind their last record. */
  readonly written: { readonly segments: readonly Segment[]; readonly committed: number }
  readonly batchSize: number | undefined
}

/** So much of what was just written stays in memory, and is not read again. */
const keptBytes = 8 << 20

/** The next entries to deliver: as they were put while there are few, else read from the segments a piece at a time. */
export class ReadAhead<Time, T> {
  readonly #options: ReadAheadOptions<T>
  #items: Read<Time, T>[] = []
  #bytes = 0
  /** Everything before is in `#items`, or was. */
  #reached = 0
  /** What is dropped of what comes. */
  #skipped: { readonly from: number; readonly until: number } | undefined
  #reader: SegmentReader<Time, T> | undefined
  #reading: Promise<void> | undefined

  constructor(options: ReadAheadOptions<T>, { done, skip }: Pick<QueueState, 'done' | 'skip'>) {
    this.#options = options
    this.#reached = done
    this.#skipped = skip
  }

  get first(): Entry<Time, T> | undefined {
    return this.#items.find((item) => item.kind === 'entry')
  }

  /** Takes an entry that was just committed, if it is the next and there is room. `bytes`: of memory. */
  offer(entry: Entry<Time, T>): void {
    if (entry.from !== this.#reached || this.#reading || this.#bytes >= keptBytes) return
    this.#add(entry)
  }

  /** What comes at `position` or behind it; undefined when nothing does. Rejects when it cannot be read now. */
  async peek(position: number): Promise<Read<Time, T> | undefined> {
    for (;;) {
      while (this.#items[0] && this.#items[0].until <= position) this.shift()
      if (this.#items.length > 0 || this.#reached >= this.#options.written.committed) return this.#items[0]
      await this.#load()
    }
  }

  shift(): Read<Time, T> | undefined {
    const item = this.#items.shift()
    if (item?.kind === 'entry') this.#bytes -= item.bytes
    return item
  }

  /** Takes the entries that may travel as one, of those that are in memory. */
  takeGroup(): readonly Entry<Time, T>[] {
    const { batchSize = 0 } = this.#options
    const first = this.#items[0]
    if (first?.kind !== 'entry') return []
    const group = [first]
    this.shift()
    let { records } = first
    for (let next = this.#items[0]; next?.kind === 'entry' && this.#fits(first, next); next = this.#items[0]) {
      records += next.records
      if (records > batchSize || next.from !== group.at(-1)!.until) break
      group.push(next)
      this.shift()
    }
    return group
  }

  /** Leaves out the records of these positions. */
  skip(range: { readonly from: number; readonly until: number }): void {
    const items = this.#items
    this.#items = []
    this.#bytes = 0
    this.#skipped = range
    for (const item of items) this.#keep(item)
    if (this.#reached >= range.from) this.#reached = Math.max(this.#reached, range.until)
  }

  /** Changes the file of a segment while nothing is read. What is read of it afterwards is read from its beginning. */
  async exchange(segment: Segment, change: () => Promise<void>): Promise<void> {
    while (this.#reading) await this.#reading.catch(() => {})
    this.#reading = this.#leave(segment)
      .then(change)
      .finally(() => {
        this.#reading = undefined
      })
    await this.#reading
  }

  async close(): Promise<void> {
    await this.#reading?.catch(() => {})
    await this.#reader?.close()
    this.#reader = undefined
  }

  async #leave(segment: Segment): Promise<void> {
    if (this.#reader?.segment !== segment) return
    await this.#reader.close()
    this.#reader = undefined
  }

  #load(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #read(): Promise<void> {
    const position = this.#reached
    const { segments, committed } = this.#options.written
    const segment = segments.find(({ until }) => until > position)
    const found: readonly Read<Time, T>[] = segment
      ? await (await this.#readerOf(segment)).read(position)
      : [{ kind: 'lost', from: position, until: committed }]
    if (position !== this.#reached) return
    for (const item of found) this.#add(item)
  }

  async #readerOf(segment: Segment): Promise<SegmentReader<Time, T>> {
    if (this.#reader?.segment === segment) return this.#reader
    await this.#reader?.close()
    this.#reader = new SegmentReader(segment, this.#options)
    return this.#reader
  }

  #add(item: Read<Time, T>): void {
    this.#reached = item.until
    this.#keep(item)
  }

  #keep(item: Read<Time, T>): void {
    const { from, until } = this.#skipped ?? { from: 0, until: 0 }
    if (item.until <= from || item.from >= until) {
      this.#items.push(item)
      if (item.kind === 'entry') this.#bytes += item.bytes
    } else if (item.kind === 'lost') {
      if (item.from < from) this.#items.push({ ...item, until: from })
      if (item.until > until) this.#items.push({ ...item, from: until })
    }
  }

  #fits(first: Entry<Time, T>, next: Entry<Time, T>): boolean {
    const { compatible, concat } = this.#options.records as RecordType<T>
    if (!compatible || !concat || !compatible(first.data, next.data)) return false
    return first.time === next.time || (first.time instanceof Date && next.time instanceof Date)
  }
}
