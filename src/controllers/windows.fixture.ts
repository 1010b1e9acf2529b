import { createContext } from '../core/context.ts'
import type { Log, LogFields } from '../core/log.ts'
import { type ExportResult, ok } from '../core/result.ts'
import type { ComputeSource } from '../core/source.ts'
import type { Window } from '../core/window.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { ComputeExportController, type ComputeExportControllerOptions } from './compute.ts'
import type { StateStore, WindowState } from './window-state.ts'

/** A clock that can be set, as an administrator sets one: sleeps and what is measured go on undisturbed. */
export class SettableClock extends ManualClock {
  offsetMs = 0
  override now(): number {
    return super.now() + this.offsetMs
  }
}

export const hourMs = 3_600_000
export const minuteMs = 60_000
export const noon = Date.UTC(2026, 0, 5, 12)

export interface Exported {
  readonly startMs: number
  readonly endMs: number
  readonly atMs: number
  /** Whether the window had closed. */
  readonly final: boolean
}

/** What a log line says of its error. */
export const errorIn = (fields: LogFields | undefined): string | undefined => (fields?.error as Error | undefined)?.message

/** A source, an exporter and a place for the state, all to be broken at will, and the controllers that use them, one after another. */
export class World {
  readonly clock: SettableClock
  readonly exported: Exported[] = []
  readonly logged: { readonly level: string; readonly message: string; readonly fields: LogFields | undefined }[] = []
  saved: string | undefined
  canCompute: (window: Window) => boolean = () => true
  compute: (window: Window) => Promise<number | undefined> = async ({ start }) => start.getTime()
  answer: (window: Window) => Promise<ExportResult> = async () => ok
  save: (text: string) => Promise<void> = async (text) => {
    this.saved = text
  }
  #alive = {}

  constructor(startMs = noon) {
    this.clock = new SettableClock(startMs)
  }

  /** A controller; the one before is dead from now on, as in a process that was killed: whatever it still does has no effect. */
  controller(options: Partial<ComputeExportControllerOptions<number>> & { readonly replaces?: boolean } = {}) {
    const life = {}
    this.#alive = life
    const living = async <R>(act: () => R | Promise<R>): Promise<R> => (this.#alive === life ? act() : new Promise<never>(() => {}))
    const source: ComputeSource<number> = {
      name: 'load',
      canCompute: (window) => this.canCompute(window),
      compute: (window) => living(() => this.compute(window)),
    }
    const exporter = {
      name: 'out',
      ...(options.replaces !== undefined && { replaces: options.replaces }),
      export: (window: Window) => living(() => this.#export(window, living)),
    }
    const state: StateStore<WindowState> = {
      load: async () => (this.saved === undefined ? undefined : (JSON.parse(this.saved) as WindowState)),
      save: (value) => living(() => this.save(JSON.stringify(value))),
    }
    const context = createContext({ clock: this.clock, log: this.log })
    return new ComputeExportController<number>({
      source,
      exporter,
      state,
      context,
      resolution: '1h',
      sourceResolution: '1m',
      immediate: true,
      ...options,
    })
  }

  /** Starts of the closed windows exported so far, in hours from noon. */
  get finals(): number[] {
    return this.exported.filter(({ final }) => final).map(({ startMs }) => (startMs - noon) / hourMs)
  }

  async #export(window: Window, living: <R>(act: () => R | Promise<R>) => Promise<R>): Promise<ExportResult> {
    const result = await this.answer(window)
    return living(() => {
      const atMs = this.clock.now()
      const [startMs, endMs] = [window.start.getTime(), window.end.getTime()]
      if (result.status === 'ok') this.exported.push({ startMs, endMs, atMs, final: endMs <= atMs })
      return result
    })
  }

  readonly log: Log = {
    debug: () => {},
    info: () => {},
    warn: (message, fields) => void this.logged.push({ level: 'warn', message, fields }),
    error: (message, fields) => void this.logged.push({ level: 'error', message, fields }),
    child: () => this.log,
  }
}
