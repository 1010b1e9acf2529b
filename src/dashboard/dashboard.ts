/** The system monitor's view: what the `system` source measures, as charts that fill a terminal and move with every sample. */
import { waitForSignal } from '../controllers/wait-for-signal.ts'
import { WaybillError } from '../core/errors.ts'
import type { Point } from '../core/point.ts'
import { draw, limitsOf, type Scene } from './draw.ts'
import type { Grid, Size } from './grid.ts'
import type { Modes } from './groups.ts'
import { holdMs } from './hold-ms.ts'
import { usualCpuMode } from './rows/cpu-rows.ts'
import { SeriesStore } from './series-store.ts'
import type { DashboardStatus } from './status-line.ts'
import { Terminal, type TerminalOptions } from './terminal.ts'
import type { Theme } from './theme.ts'
import { afterKey, initialState, type View, type ViewState, within } from './view-state.ts'

export interface DashboardOptions {
  /** From one sample to the next, as the last line tells it. Default 1000. */
  readonly refreshMs?: number
  /** How many samples are kept to scroll back to. Default 500. */
  readonly bufferSize?: number
  /** Which values are written on the rulers. Default `one`. */
  readonly view?: View
  /** Default `col`. Without 256 colours, or with NO_COLOR, it makes no difference. */
  readonly theme?: Theme
  /** Default `all`, from 20 cores on `by_cluster`. */
  readonly cpu?: Modes['cpu']
  /** Default `load_only`. */
  readonly gpu?: Modes['gpu']
  /** Default `all`. */
  readonly memory?: Modes['ram']
  readonly disk?: Modes['disk']
  readonly network?: Modes['network']
  readonly swap?: Modes['swap']
  /** Default `combined`. Measured on Apple's machines only, like `ane`. */
  readonly power?: Modes['power']
  readonly ane?: Modes['ane']
  /** Where it is shown. Default: standard input and output. */
  readonly terminal?: TerminalOptions
}

/**
 * Takes samples and shows them while `run` runs. It collects, and can be asked for a `frame`, without a terminal too.
 *
 *     const dashboard = new Dashboard({ refreshMs: 1000 })
 *     const shown = dashboard.run(signal)                       // until q, Ctrl-C, a signal, or the abort of `signal`
 *     dashboard.update(batch.points, batch.points[0].timeMs)    // at every sample
 *     dashboard.status({ exports: agent.figures().exporters, balanced: agent.figures().balanced })
 *     await shown
 */
export class Dashboard {
  readonly #store: SeriesStore
  readonly #refreshMs: number
  readonly #terminal: Terminal
  #state: ViewState
  #status: DashboardStatus = {}
  #cpuModeIsOpen: boolean
  /** Whether `run` runs, and whether a drawing is under way to it. */
  #running = false
  #drawing = false

  constructor(options: DashboardOptions = {}) {
    const { refreshMs = 1000, bufferSize = 500, view, theme, terminal } = options
    this.#refreshMs = refreshMs
    this.#store = new SeriesStore({ capacity: bufferSize, holdMs })
    this.#terminal = new Terminal(terminal)
    this.#cpuModeIsOpen = options.cpu === undefined
    this.#state = {
      ...initialState,
      ...(view && { view }),
      ...(theme && { theme }),
      modes: { ...initialState.modes, ...modesOf(options) },
    }
  }

  /**
   * Takes a sample: points named as by the `system` source with `naming: cubestat`, or values by those names (from a replay),
   * and when they were measured, in milliseconds since the epoch. What has no chart is ignored. Never throws.
   */
  update(sample: readonly Point[] | ReadonlyMap<string, number>, timeMs: number): void {
    this.#store.update(timeMs, 'length' in sample ? valuesOf(sample) : sample)
    if (this.#cpuModeIsOpen) this.#state = { ...this.#state, modes: { ...this.#state.modes, cpu: usualCpuMode(this.#store.names) } }
    if (this.#state.back > 0) this.#change({ ...this.#state, back: this.#state.back + 1 })
    else this.#changed()
  }

  /** Replaces what the last line tells of the exports and the books. */
  status(status: DashboardStatus): void {
    this.#status = status
    this.#changed()
  }

  /** As if a key were pressed: a character, or `up`, `down`, `left`, `right`, `escape`. */
  press(key: string): void {
    if (key.toLowerCase() === 'c') this.#cpuModeIsOpen = false
    this.#change(afterKey(this.#state, key))
  }

  /** What is on a screen of that size now. */
  frame(size: Size = this.#terminal.size): Grid {
    return draw(this.#scene(), size)
  }

  /**
   * Has the terminal until the user quits, SIGINT, SIGTERM or SIGHUP comes, or `signal` aborts; when it resolves or throws the
   * terminal is as it was. The signals do not end the process meanwhile: whoever awaits this is to stop. Rejects with
   * WaybillError `INVALID_OPTION` where there is no terminal.
   */
  async run(signal: AbortSignal): Promise<void> {
    if (!this.#terminal.isTerminal) {
      throw new WaybillError('INVALID_OPTION', 'standard output is not a terminal', { hint: 'choose another output, as with --output csv' })
    }
    if (signal.aborted) return
    const over = new AbortController()
    const ended = new Promise<void>((resolve) => over.signal.addEventListener('abort', () => resolve()))
    const quit = () => over.abort()
    signal.addEventListener('abort', quit)
    void waitForSignal({ signals: ['SIGINT', 'SIGTERM', 'SIGHUP'], signal: over.signal }).then(quit)
    this.#running = true
    try {
      this.#terminal.open({
        key: (name) => (name === 'q' || name === 'Q' ? quit() : this.press(name)),
        lost: () => this.#change(this.#state),
        closed: quit,
      })
      await ended
    } finally {
      this.#running = false
      this.#terminal.close()
      signal.removeEventListener('abort', quit)
      quit()
    }
  }

  #change(state: ViewState): void {
    this.#state = within(state, limitsOf({ ...this.#scene(), state }, this.#terminal.size))
    this.#changed()
  }

  /** Draws once for all that changes at a time. */
  #changed(): void {
    if (!this.#running || this.#drawing) return
    this.#drawing = true
    queueMicrotask(() => {
      this.#drawing = false
      if (this.#running) this.#terminal.draw(this.frame())
    })
  }

  #scene(): Scene {
    return {
      store: this.#store,
      state: this.#state,
      status: this.#status,
      refreshMs: this.#refreshMs,
      colours: this.#terminal.colours,
    }
  }
}

function* valuesOf(points: readonly Point[]): Generator<readonly [string, number]> {
  for (const { series, value } of points) if (typeof value === 'number') yield [series.name, value]
}

const modesOf = ({ cpu, gpu, memory, disk, network, swap, power, ane }: DashboardOptions): Partial<Modes> => ({
  ...(cpu && { cpu }),
  ...(gpu && { gpu }),
  ...(memory && { ram: memory }),
  ...(disk && { disk }),
  ...(network && { network }),
  ...(swap && { swap }),
  ...(power && { power }),
  ...(ane && { ane }),
})
