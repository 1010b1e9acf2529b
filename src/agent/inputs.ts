import { join } from 'node:path'
import { atWindowStart } from '../controllers/at-window-start.ts'
import { ComputeExportController } from '../controllers/compute.ts'
import { EventExportController } from '../controllers/event.ts'
import type { ExportController } from '../controllers/export-controller.ts'
import { ComputeExportControllerGroup } from '../controllers/group.ts'
import { JsonStateFile } from '../controllers/json-state-file.ts'
import type { WindowState } from '../controllers/window-state.ts'
import type { Batch } from '../core/batch.ts'
import type { Context } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import type { Ledger } from '../core/ledger.ts'
import { toError } from '../core/result.ts'
import type { ComputeSource } from '../core/source.ts'
import { formatResolution } from '../core/window.ts'
import type { Instance, Instances } from './instances.ts'
import type { Intakes } from './intakes.ts'

/** What feeds the pipelines: sources on their clocks, and receivers. */
export class Inputs {
  readonly #intakes: Intakes
  readonly #ledger: Ledger
  readonly #dataDir: string
  readonly #controllers = new Map<string, ExportController>()
  readonly #running = new Map<string, Instance>()

  /** `dataDir`: where it is kept which windows are still to be exported. */
  constructor(intakes: Intakes, ledger: Ledger, dataDir: string) {
    this.#intakes = intakes
    this.#ledger = ledger
    this.#dataDir = dataDir
  }

  /** Starts those that do not run. Throws what a source throws that cannot start. */
  async start({ sources, receivers }: Instances, context: Context): Promise<void> {
    for (const receiver of receivers.filter(({ name }) => !this.#running.has(name))) {
      const intake = this.#intakes.of(receiver.name)
      this.#running.set(receiver.name, receiver)
      await receiver.component.listen((batch) => intake.export(new Date(), batch, context), context)
    }
    for (const source of sources.filter(({ name }) => !this.#running.has(name))) {
      const { name, component, intervalMs, windowsMs } = source
      await component.start?.(context)
      const onMissed = () => {
        for (const pipeline of this.#intakes.pipelinesOf(name)) this.#ledger.pipeline(pipeline.name).miss()
      }
      const exporter = this.#intakes.of(name)
      const controller =
        windowsMs.length > 0
          ? this.#windows(component as unknown as ComputeSource<Batch>, windowsMs, { exporter, context })
          : new EventExportController({ source: component, exporter, context, onMissed })
      this.#running.set(name, source)
      this.#controllers.set(name, controller)
      controller.start(intervalMs)
    }
  }

  /** Ends those that are not among `but`; each finishes the tick that it is in. */
  async stop(context: Context, but: ReadonlySet<unknown> = new Set()): Promise<void> {
    const ending = [...this.#running.values()].filter(({ component }) => !but.has(component))
    await Promise.all(
      ending.map(async ({ name, component }) => {
        await this.#controllers.get(name)?.stop()
        this.#controllers.delete(name)
        this.#running.delete(name)
        await stopQuietly(name, component, context)
      }),
    )
  }

  #windows(
    source: ComputeSource<Batch>,
    windowsMs: readonly number[],
    { exporter, context }: { exporter: EventExporter<Batch>; context: Context },
  ): ExportController {
    const stateOf = (resolutionMs: number) =>
      new JsonStateFile<WindowState>(join(this.#dataDir, 'windows', `${source.name}-${formatResolution(resolutionMs)}.json`))
    return new ComputeExportControllerGroup(
      windowsMs.map(
        (resolution) =>
          new ComputeExportController({
            source,
            exporter: atWindowStart(exporter),
            resolution,
            sourceResolution: resolution,
            state: stateOf(resolution),
            immediate: true,
            context,
          }),
      ),
    )
  }
}

/** Stops it; what it throws is logged, since others have to be stopped too. */
export async function stopQuietly(name: string, component: Instance['component'], context: Context): Promise<void> {
  try {
    await component.stop?.(context)
  } catch (thrown) {
    context.log.error('could not be stopped cleanly', { component: name, error: toError(thrown) })
  }
}
