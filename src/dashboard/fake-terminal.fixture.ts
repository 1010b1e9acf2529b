import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import type { ReadStream, WriteStream } from 'node:tty'
import type { Size } from './grid.ts'
import type { TerminalOptions } from './terminal.ts'
import { VirtualTerminal } from './virtual-terminal.fixture.ts'

/** A terminal without a device: its screen, its keys, and what was written to it. */
export class FakeTerminal {
  readonly screen: VirtualTerminal
  readonly writes: string[] = []
  /** What was done to it, in order: `raw`, `cooked`, `suspended`. */
  readonly calls: string[] = []
  /** Whether writes were made to wait, as it was set. */
  readonly blocking: boolean[] = []
  /** Whether the other end takes what is written. */
  takes = true
  readonly options: TerminalOptions
  readonly #input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (raw: boolean) => this.#setRaw(raw) })
  readonly #output = Object.assign(new EventEmitter(), {
    isTTY: true,
    columns: 0,
    rows: 0,
    getColorDepth: () => 8,
    _handle: { setBlocking: (blocking: boolean) => void this.blocking.push(blocking) },
    write: (text: string, done?: () => void) => this.#write(text, done),
  })
  #waiting: (() => void)[] = []

  constructor({ columns, rows }: Size, { isTerminal = true, colorDepth = 8 } = {}) {
    this.screen = new VirtualTerminal({ columns, rows })
    Object.assign(this.#output, { columns, rows, isTTY: isTerminal, getColorDepth: () => colorDepth })
    this.options = {
      input: this.#input as unknown as ReadStream,
      output: this.#output as unknown as WriteStream,
      suspend: () => this.calls.push('suspended'),
    }
  }

  /** Listeners that were left behind. */
  get listeners(): number {
    return this.#output.listenerCount('resize') + this.#input.listenerCount('keypress') + this.#input.listenerCount('end')
  }

  lines(): string[] {
    return Array.from({ length: this.screen.grid.rows }, (_, row) => this.screen.grid.line(row))
  }

  /** Types bytes, and waits until they are read. */
  async type(text: string): Promise<void> {
    this.#input.write(text)
    await settled()
  }

  async resize(size: Size): Promise<void> {
    Object.assign(this.#output, size)
    this.screen.resize(size)
    this.#output.emit('resize')
    await settled()
  }

  /** Takes what has waited. */
  async take(): Promise<void> {
    this.takes = true
    for (const done of this.#waiting.splice(0)) done()
    await settled()
  }

  /** The other end is gone. */
  async hangUp(): Promise<void> {
    this.#output.emit('error', new Error('write EIO'))
    await settled()
  }

  #setRaw(raw: boolean): this {
    this.calls.push(raw ? 'raw' : 'cooked')
    return this.#input as unknown as this
  }

  #write(text: string, done: () => void = () => {}): void {
    this.writes.push(text)
    this.screen.write(text)
    if (this.takes) queueMicrotask(done)
    else this.#waiting.push(done)
  }
}

export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
