/** The terminal as a place to draw on: taken over as a whole, and given back exactly as it was, however the program ends. */
import { emitKeypressEvents, type Key } from 'node:readline'
import type { ReadStream, WriteStream } from 'node:tty'
import type { Grid, Size } from './grid.ts'
import { paint } from './paint.ts'
import type { Colours } from './theme.ts'

export interface TerminalOptions {
  /** Default: standard input. Without a terminal behind it there are no keys. */
  readonly input?: ReadStream
  /** Default: standard output. */
  readonly output?: WriteStream
  /** What stops the program until it is continued. Default: SIGTSTP to its process group, as a terminal does it. */
  readonly suspend?: () => void
}

/** What a terminal tells. */
export interface TerminalListener {
  /** A character, or a name of node:readline: `up`, `escape`. */
  key(name: string): void
  /** All must be drawn anew: there is another size, or something else was on the screen. */
  lost(): void
  /** There is nobody any more, or Ctrl-C was pressed. */
  closed(): void
}

// Private modes of xterm (DECSET and DECRST): 1049 the alternate screen, 25 the cursor, 7 the wrapping of lines.
const takeOver = '\u001b[?1049h\u001b[?25l\u001b[?7l'
const giveBack = '\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l'

/** Synchronized output: a terminal that knows it shows the frame at once; others ignore it. */
const frame = (text: string): string => `\u001b[?2026h${text}\u001b[?2026l`

/** How long a program goes on after it was told to stop, at most. Where it may not stop (it is its session's first) it goes on for good. */
const stoppingMs = 50

/**
 * One screen on one terminal. Draws only what has changed, in one write, and leaves out frames while the terminal has not taken the
 * last.
 */
export class Terminal {
  readonly #input: ReadStream
  readonly #output: WriteStream
  readonly #suspend: () => void
  /** By TERM, COLORTERM and NO_COLOR (no-color.org). */
  readonly colours: Colours
  #listener: TerminalListener | undefined
  #taken = false
  /** What is on the screen; undefined: not known. */
  #shown: Grid | undefined
  #writing = false
  /** The newest frame that came while another was under way. */
  #next: Grid | undefined

  constructor({ input = process.stdin, output = process.stdout, suspend = () => process.kill(0, 'SIGTSTP') }: TerminalOptions = {}) {
    this.#input = input
    this.#output = output
    this.#suspend = suspend
    this.colours = output.isTTY && output.getColorDepth() >= 8 ? 'ansi256' : 'none'
  }

  get isTerminal(): boolean {
    return this.#output.isTTY === true
  }

  /** Some terminals tell no size, or one of nothing. */
  get size(): Size {
    return { columns: this.#output.columns || 80, rows: this.#output.rows || 24 }
  }

  /** Takes the screen and the keys, until `close`. */
  open(listener: TerminalListener): void {
    this.#listener = listener
    this.#output.on('resize', this.#lost)
    this.#output.on('error', this.#closed)
    if (this.#input.isTTY) {
      emitKeypressEvents(this.#input)
      this.#input.on('keypress', this.#keypress)
      this.#input.on('end', this.#closed)
      this.#input.on('error', this.#closed)
    }
    process.on('SIGCONT', this.#continue)
    process.on('exit', this.#giveBack)
    this.#take()
    this.#lost()
  }

  /**
   * Gives all back. May be called at any time, again too. The listeners for errors stay: a write to a terminal that is gone fails
   * later.
   */
  close(): void {
    this.#giveBack()
    this.#listener = undefined
    this.#output.off('resize', this.#lost)
    this.#input.off('keypress', this.#keypress)
    this.#input.off('end', this.#closed)
    process.off('SIGCONT', this.#continue)
    process.off('exit', this.#giveBack)
  }

  /** Shows `grid`, as soon as the terminal can. */
  draw(grid: Grid): void {
    if (!this.#taken) return
    if (this.#writing) {
      this.#next = grid
      return
    }
    const text = paint(grid, this.#shown)
    this.#shown = grid
    if (text === '') return
    this.#writing = true
    this.#output.write(frame(text), () => {
      this.#writing = false
      const next = this.#next
      this.#next = undefined
      if (next) this.draw(next)
    })
  }

  #take(): void {
    this.#taken = true
    // First, since a program in the background is stopped here, before it writes over what the shell has.
    if (this.#input.isTTY) {
      this.#input.setRawMode(true)
      this.#input.resume()
    }
    // A terminal that takes no more, because the connection to it hangs, must not stop the rest of the program.
    setBlocking(this.#output, false)
    this.#output.write(takeOver)
  }

  readonly #giveBack = (): void => {
    if (!this.#taken) return
    this.#taken = false
    this.#next = undefined
    this.#output.write(giveBack, () => {
      if (!this.#taken) setBlocking(this.#output, true)
    })
    if (this.#input.isTTY) {
      this.#input.setRawMode(false)
      this.#input.pause()
    }
  }

  #stop(): void {
    this.#giveBack()
    this.#suspend()
    setTimeout(this.#continue, stoppingMs)
  }

  /** A shell that stopped the program has set the terminal to its own taste, and Node believes that nothing has changed. */
  readonly #continue = (): void => {
    if (!this.#listener) return
    if (!this.#taken) this.#take()
    else if (this.#input.isTTY) this.#input.setRawMode(false).setRawMode(true)
    this.#lost()
  }

  readonly #lost = (): void => {
    this.#shown = undefined
    this.#listener?.lost()
  }

  readonly #closed = (): void => this.#listener?.closed()

  readonly #keypress = (text: string | undefined, { name, ctrl, meta }: Key): void => {
    if (ctrl && name === 'c') this.#closed()
    else if (ctrl && name === 'z') this.#stop()
    else if (!ctrl && !meta) this.#listener?.key(text !== undefined && text >= ' ' ? text : (name ?? ''))
  }
}

/** Node makes writing to terminals wait, and has no public way to change that. */
function setBlocking(stream: WriteStream, blocking: boolean): void {
  const { _handle: handle } = stream as { _handle?: { setBlocking?(blocking: boolean): void } }
  handle?.setBlocking?.(blocking)
}
