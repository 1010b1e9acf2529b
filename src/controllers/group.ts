import type { Duration } from '../core/duration.ts'
import type { ExportController } from './export-controller.ts'

/** Controllers of windows of several lengths, started and stopped together. */
export class ComputeExportControllerGroup implements ExportController {
  /** `[a/b]`, of the controllers' names. */
  readonly name: string
  readonly #controllers: readonly (ExportController & { readonly resolution: number })[]

  constructor(controllers: readonly (ExportController & { readonly resolution: number })[]) {
    this.name = `[${controllers.map(({ name }) => name).join('/')}]`
    this.#controllers = controllers
  }

  /** Starts every controller that is not running, so that afterwards all run; false when there is none or one was running already. */
  start(interval: Duration): boolean {
    const started = this.#controllers.map((controller) => controller.start(interval))
    return started.length > 0 && started.every(Boolean)
  }

  async stop(): Promise<void> {
    await Promise.all(this.#controllers.map((controller) => controller.stop()))
  }

  /** Lengths of the windows in milliseconds, in the order of the controllers. */
  resolutions(): readonly number[] {
    return this.#controllers.map(({ resolution }) => resolution)
  }
}
