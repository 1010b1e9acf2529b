/** A beginning of a line that was met before, and what was made of it. */
export interface KnownLine<T> {
  readonly text: string
  readonly of: T
  /** Whether it can be found by comparing: see `KeptText.has`. */
  readonly comparable: boolean
  /** Where it stood in the last text: its number among the lines. */
  place: number
}

/**
 * The lines of the last text, kept because the next one begins each of its lines the same, in the same order. So it mostly takes
 * comparing bytes to know a line.
 */
export class KnownLines<T> {
  #text = new KeptText()
  #last = new KeptText()
  #lines: KnownLine<T>[] = []
  #starts: number[] = []
  /** Of the text at hand. */
  #nextLines: KnownLine<T>[] = []
  #nextStarts: number[] = []
  #byText = new Map<string, KnownLine<T>>()
  #nextCount = 0
  #place = 0

  /** Begins with a text, and gives its bytes with a line end behind them, good until the next. */
  begin(bytes: Uint8Array): Buffer {
    this.#text.set(bytes)
    this.#place = 0
    return this.#text.bytes
  }

  /** The line that is next going by the last text, if it begins at `at`. */
  expected(at: number): KnownLine<T> | undefined {
    const line = this.#lines[this.#place]
    if (line === undefined || !line.comparable) return undefined
    return this.#text.has(at, this.#last, this.#starts[this.#place]!, line.text.length) ? line : undefined
  }

  /** Takes the expected line for the one at `at`. */
  accept(line: KnownLine<T>, at: number): void {
    this.#place++
    this.#note(line, at)
  }

  /** The line with that beginning, which has a character for each byte. One that is not known becomes so, with what `make` makes of it. */
  find(text: string, at: number, make: (text: string) => T): KnownLine<T> {
    let line = this.#byText.get(text)
    if (line) this.#place = line.place + 1
    else {
      line = { text, of: make(text), comparable: !text.includes('\0'), place: 0 }
      this.#byText.set(text, line)
    }
    this.#note(line, at)
    return line
  }

  /** Ends with the text, which is the last one from now on. Lines that are not in it are forgotten in time. */
  end(): void {
    const count = this.#nextCount
    this.#nextLines.length = count
    this.#nextStarts.length = count
    this.#nextCount = 0
    ;[this.#text, this.#last] = [this.#last, this.#text]
    ;[this.#lines, this.#nextLines] = [this.#nextLines, this.#lines]
    ;[this.#starts, this.#nextStarts] = [this.#nextStarts, this.#starts]
    if (this.#byText.size > 2 * count + 1000) this.#byText = new Map(this.#lines.map((line) => [line.text, line]))
  }

  #note(line: KnownLine<T>, at: number): void {
    line.place = this.#nextCount++
    this.#nextLines[line.place] = line
    this.#nextStarts[line.place] = at
  }
}

/** Bytes of one's own, in memory that is used again. */
class KeptText {
  bytes = Buffer.alloc(0)
  #view = new DataView(new ArrayBuffer(0))
  #length = 0

  set(bytes: Uint8Array): void {
    const { length } = bytes
    if (length >= this.bytes.length) {
      this.bytes = Buffer.allocUnsafeSlow(Math.ceil((length + 1) * 1.25))
      this.#view = new DataView(this.bytes.buffer)
    }
    this.bytes.set(bytes)
    this.bytes[length] = lineEnd
    this.#length = length
  }

  /** Whether the same bytes stand here at `at` and there at `start`, where none is 0. */
  has(at: number, other: KeptText, start: number, length: number): boolean {
    if (at + length > this.#length) return false
    const a = this.#view
    const b = other.#view
    const end = at + length
    const apart = start - at
    // Eight at a time, which is several times faster. Doubles that are equal are the same bytes, unless they are 0 and -0.
    for (; at + 8 <= end; at += 8) if (a.getFloat64(at) !== b.getFloat64(at + apart)) return false
    for (; at < end; at++) if (a.getUint8(at) !== b.getUint8(at + apart)) return false
    return true
  }
}

const lineEnd = 0x0a
