import { CombinedWindows } from '../../controllers/combined-windows.ts'
import { ComputeExportController } from '../../controllers/compute.ts'
import { combineRows } from '../../controllers/window-rows.ts'
import type { StateStore, WindowState } from '../../controllers/window-state.ts'
import { WindowStoragePathFormatter } from '../../paths/index.ts'
import { type ComputeSource, type Context, formatResolution, type RowsBatch, type Storage, type Window } from '../../sdk.ts'
import { ComputeStorageExporter } from '../../storage/exporting/exporting.ts'
import { windowDecoder, windowEncoder } from './window-file.ts'

export interface LevelsOptions {
  readonly name: string
  readonly storage: Storage
  /** Where the controller of that length keeps its state. Without it, it is forgotten. */
  readonly state?: ((resolution: string) => StateStore<WindowState>) | undefined
  readonly cluster: string
  /** Lengths of the windows in milliseconds, each a multiple of the one before; the first are made from the points. */
  readonly resolutionsMs: readonly number[]
  readonly context: Context
}

/**
 * The controllers of windows of several lengths, shortest first: each but the first computes its windows from those of the one
 * before, as they are stored. With `points` they are all run on a clock; without, only stored windows are computed anew.
 */
export function levels(options: LevelsOptions, points?: ComputeSource<RowsBatch>): readonly ComputeExportController<RowsBatch>[] {
  const { name, storage, state, cluster, resolutionsMs, context } = options
  const pathsOf = (resolution: number) => new WindowStoragePathFormatter({ cluster, pipeline: name, resolution })
  const stored = (resolutionMs: number) => async (window: Window) => {
    const bytes = await storage.read(pathsOf(resolutionMs).toFullPath('', window, windowEncoder.extension))
    return bytes && windowDecoder.decode(bytes)
  }
  const controllers: ComputeExportController<RowsBatch>[] = []
  for (const [index, resolution] of resolutionsMs.entries()) {
    const finer = resolutionsMs[index - 1]
    const after = points && controllers.at(-1)
    const source =
      finer === undefined
        ? points
        : new CombinedWindows<RowsBatch>({ name, read: stored(finer), combine: combineRows, clock: context.clock, ...(after && { after }) })
    if (!source) continue
    controllers.push(
      new ComputeExportController<RowsBatch>({
        source,
        exporter: new ComputeStorageExporter({ name, paths: pathsOf(resolution), encoder: windowEncoder, storage }),
        resolution,
        sourceResolution: finer ?? resolution,
        immediate: true,
        context,
        ...(points && state && { state: state(formatResolution(resolution)) }),
      }),
    )
  }
  return controllers
}
