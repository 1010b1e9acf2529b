import type { WriteStream } from 'node:tty'

/** A stream for people: lines, and below them on a terminal one status line that is written over in place. */
export class Screen {
  readonly #stream: WriteStream
  #status = ''

  constructor(stream: WriteStream) {
    this.#stream = stream
    stream.on('error', () => {})
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true
  }

  /** Whether to use colours: on a terminal, unless NO_COLOR is set (no-color.org). */
  get hasColors(): boolean {
    return this.isTerminal && !process.env.NO_COLOR
  }

  /** Columns of the terminal; undefined where there is none. */
  get width(): number | undefined {
    return this.isTerminal ? this.#stream.columns : undefined
  }

  line(text: string): void {
    this.#write(`${this.#status && clear}${text}\n${this.#status}`)
  }

  /** Replaces the status line; an empty text takes it away. Does nothing where there is no terminal. */
  status(text: string): void {
    if (!this.isTerminal) return
    const width = this.#stream.columns || 80
    const next = text.length < width ? text : `${text.slice(0, width - 2)}…`
    if (next === this.#status) return
    this.#status = next
    this.#write(`${clear}${next}`)
  }

  #write(text: string): void {
    if (this.#stream.writable) this.#stream.write(text)
  }
}

const clear = '\r\u001b[2K'
