import { closeBrace, closeBracket, colon, comma, incomplete, JsonCursor, openBrace, openBracket, quote } from './json-cursor.ts'

/** What an envelope says beside its data. */
export interface Envelope {
  readonly code?: unknown
  readonly status?: unknown
  readonly message?: unknown
  readonly warning?: unknown
}

/**
 * Reads one record; `name` is the key that it has in its set. Called again from the beginning when its bytes have not all come,
 * so it keeps nothing until it has read all.
 */
export type ReadRecord<T> = (cursor: JsonCursor, name: string) => T

type Place = 'start' | 'envelope' | 'sets' | 'set' | 'end'

/**
 * Reads a reply of OpenCost as it comes, in memory for one record: `{code, status, data, message?, warning?}`, where `data` is one set
 * of records by name, a list of sets (one for each step; Kubecost does so for assets, too), or null. A set may be null.
 */
export class ReplyReader<T> {
  readonly #cursor = new JsonCursor()
  readonly #read: ReadRecord<T>
  readonly #envelope: Record<string, unknown> = {}
  #place: Place = 'start'
  /** Where the set that is being read stands. */
  #around: 'envelope' | 'sets' = 'envelope'
  /** Whether something has been read in the object or list at hand, so that a comma is next, or its end. */
  #within = false
  #waitUntil = 0

  constructor(read: ReadRecord<T>) {
    this.#read = read
  }

  /** What was said beside the data, as far as it has been read. */
  get envelope(): Envelope {
    return this.#envelope
  }

  /** The records that are complete with these bytes. Throws SyntaxError when they are no such reply. */
  push(bytes: Uint8Array): T[] {
    const cursor = this.#cursor
    cursor.append(bytes)
    const records: T[] = []
    // A record larger than what came is only tried again when twice as much has come: else a very large one would take forever.
    if (cursor.left < this.#waitUntil) return records
    let start = cursor.at
    try {
      for (; this.#place !== 'end'; start = cursor.at) this.#step(records)
    } catch (thrown) {
      if (thrown !== incomplete) throw thrown
      cursor.at = start
    }
    this.#waitUntil = records.length === 0 ? cursor.left * 2 : 0
    return records
  }

  /** Called after the last bytes, for the records that are left. Throws SyntaxError when the reply is not complete. */
  end(): T[] {
    this.#waitUntil = 0
    const records = this.push(new Uint8Array(0))
    if (this.#place !== 'end') throw new SyntaxError('it breaks off before its end')
    return records
  }

  /** Reads as little as changes what is read next; throws `incomplete` before it has changed anything. */
  #step(records: T[]): void {
    switch (this.#place) {
      case 'start':
        this.#cursor.take(openBrace)
        this.#enter('envelope')
        break
      case 'envelope':
        if (this.#leave(closeBrace)) this.#place = 'end'
        else this.#member()
        break
      case 'sets':
        if (this.#leave(closeBracket)) this.#back('envelope')
        else this.#listed()
        break
      case 'set':
        if (this.#leave(closeBrace)) this.#back(this.#around)
        else this.#record(records)
    }
  }

  /** A member of the envelope. */
  #member(): void {
    const cursor = this.#cursor
    const name = this.#name()
    const first = cursor.peek()
    if (name === 'data' && (first === openBrace || first === openBracket)) {
      cursor.at++
      this.#around = 'envelope'
      this.#enter(first === openBrace ? 'set' : 'sets')
      return
    }
    const start = cursor.at
    cursor.skipValue()
    this.#envelope[name] = cursor.jsonFrom(start)
    this.#within = true
  }

  /** What stands in a list of sets. */
  #listed(): void {
    const cursor = this.#cursor
    if (cursor.peek() === openBrace) {
      cursor.at++
      this.#around = 'sets'
      this.#enter('set')
    } else {
      cursor.skipValue()
      this.#within = true
    }
  }

  /** A member of a set. */
  #record(records: T[]): void {
    const cursor = this.#cursor
    const name = this.#name()
    if (cursor.peek() === openBrace) records.push(this.#read(cursor, name))
    else cursor.skipValue()
    this.#within = true
  }

  #name(): string {
    const cursor = this.#cursor
    if (cursor.peek() !== quote) cursor.fail()
    const start = cursor.at
    cursor.skipString()
    const name = cursor.stringFrom(start)
    cursor.take(colon)
    return name
  }

  #enter(place: Place): void {
    this.#place = place
    this.#within = false
  }

  #back(place: Place): void {
    this.#place = place
    this.#within = true
  }

  /** Steps over the end of the object or list at hand and tells so, or over the comma before what is next in it. */
  #leave(end: number): boolean {
    const cursor = this.#cursor
    const next = cursor.peek()
    if (next === end) {
      cursor.at++
      return true
    }
    if (this.#within) cursor.take(comma)
    return false
  }
}
