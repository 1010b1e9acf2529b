import { join } from 'node:path'
import type { BackfillProgress } from '../../controllers/backfill.ts'
import { ComputeExportControllerGroup } from '../../controllers/group.ts'
import { JsonStateFile } from '../../controllers/json-state-file.ts'
import type { StateStore, WindowState } from '../../controllers/window-state.ts'
import { WindowedAggregation } from '../../controllers/windowed-aggregation.ts'
import {
  type Context,
  createContext,
  defineExporter,
  duration,
  type EventExporter,
  type ExportResult,
  formatResolution,
  type HealthStatus,
  healthy,
  type MetricsBatch,
  ok,
  type RowsBatch,
  type Storage,
  WaybillError,
  type Window,
  z,
} from '../../sdk.ts'
import { FileStorage } from '../../storage/file/file.ts'
import { storagePackages } from '../../storage/open-storage/open-storage.ts'
import { storageConfig, storageFor } from '../../storage/open-storage/storage-config.ts'
import { type LevelsOptions, levels } from './levels.ts'

const length = () => duration().refine((ms) => Number.isInteger(ms) && ms >= 1000, 'a window is of 1s or more, in whole milliseconds')

const settings = z.strictObject({
  resolutions: z
    .array(length())
    .min(1)
    .prefault(['1h', '1d'])
    .describe('Lengths of the windows, shortest first, each a multiple of the one before.'),
  sourceResolution: length()
    .prefault('1m')
    .describe(
      'Length of the windows that are made from the points; the others are made from these. Also how much is lost when the process is killed.',
    ),
  interval: duration()
    .refine((ms) => ms >= 100, 'must be at least 100ms')
    .prefault('10s')
    .describe('How often what is stored is brought up to date.'),
  cluster: z
    .string()
    .min(1)
    .default('default')
    .describe('Directory between the root and the windows, so that several agents can share a folder.'),
  maxSeries: z.int().min(1).default(10_000).describe('Most series in a window; points of others are rejected.'),
})

const config = settings.extend({
  directory: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Folder of the files, and of what tells which windows are still to be stored, also where a storage keeps the files. Default: `windows` in the data directory.',
    ),
  storage: storageConfig.optional().describe('What keeps the files in place of the folder, such as a bucket.'),
})

export interface WindowsExporterOptions extends z.input<typeof settings> {
  /** Default: `windows`; a directory of the paths. */
  readonly name?: string
  readonly storage: Storage
  /** Where it is kept which windows of a length, such as `1h`, are still to be stored. Without it, that is forgotten at the end. */
  readonly state?: (resolution: string) => StateStore<WindowState>
  readonly context?: Context
}

/** What a backfill is at. */
export interface WindowsBackfill extends BackfillProgress {
  /** Such as `1h`. */
  readonly resolution: string
}

/**
 * Keeps what each series was like over windows of several lengths: count, minimum, maximum, mean, sum and last, a file for each
 * window, brought up to date while the window is open. A point is delivered when it is in its window, which is in memory until
 * the next `interval`. After a pause, longer windows are made from the shorter ones that are stored.
 */
export class WindowsExporter implements EventExporter<MetricsBatch> {
  readonly name: string
  readonly #context: Context
  readonly #storage: Storage
  readonly #state: WindowsExporterOptions['state']
  readonly #intervalMs: number
  readonly #resolutionsMs: readonly number[]
  readonly #cluster: string
  readonly #aggregation: WindowedAggregation
  readonly #controllers: ReturnType<typeof levels>
  readonly #group: ComputeExportControllerGroup
  #life: 'new' | 'running' | 'stopped' = 'new'

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'windows', context = createContext(), storage, state, ...options }: WindowsExporterOptions) {
    const { resolutions, sourceResolution, interval, cluster, maxSeries } = settings.parse(options)
    this.name = name
    this.#storage = storage
    this.#state = state
    this.#context = context
    this.#intervalMs = interval
    this.#cluster = cluster
    this.#resolutionsMs = wholeMultiples([sourceResolution, ...resolutions.filter((ms) => ms !== sourceResolution)])
    this.#aggregation = new WindowedAggregation({ name, resolution: sourceResolution, maxSeries, clock: context.clock })
    this.#controllers = levels(this.#levels(), this.#aggregation)
    this.#group = new ComputeExportControllerGroup(this.#controllers)
  }

  get destination(): string {
    return this.#storage.location
  }

  async start(): Promise<void> {
    this.#life = 'running'
    this.#group.start(this.#intervalMs)
  }

  async export(time: Date, batch: MetricsBatch, { signal }: Context): Promise<ExportResult> {
    if (signal.aborted) throw signal.reason
    if (batch.points.length === 0) return ok
    if (this.#life !== 'running') await this.start()
    return this.#aggregation.export(time, batch)
  }

  async stop(): Promise<void> {
    this.#life = 'stopped'
    await this.#group.stop()
  }

  health(): HealthStatus {
    if (this.#life !== 'running') return this.#life === 'stopped' ? { state: 'stopped' } : healthy
    return this.#controllers.map((controller) => controller.health()).find(({ state }) => state !== 'healthy') ?? healthy
  }

  /** The rows of a window of the source resolution so far, before they are stored; undefined when it has none. */
  current(window: Window): Promise<RowsBatch | undefined> {
    return this.#aggregation.compute(window, 0, this.#context)
  }

  /** Makes every stored window that touches [from, to) anew from the shorter ones, shortest first. `onProgress` is told of each. */
  async backfill(
    from: Date,
    to: Date,
    { onProgress, signal }: { onProgress?: (progress: WindowsBackfill) => void; signal?: AbortSignal } = {},
  ): Promise<void> {
    for (const controller of levels(this.#levels())) {
      const resolution = formatResolution(controller.resolution)
      await controller.backfill(from, to, {
        ...(signal && { signal }),
        onProgress: (progress) => onProgress?.({ ...progress, resolution }),
      })
    }
  }

  #levels(): LevelsOptions {
    return {
      name: this.name,
      storage: this.#storage,
      state: this.#state,
      cluster: this.#cluster,
      resolutionsMs: this.#resolutionsMs,
      context: this.#context,
    }
  }
}

function wholeMultiples(lengthsMs: readonly number[]): readonly number[] {
  for (const [index, ms] of lengthsMs.entries()) {
    const before = lengthsMs[index - 1] ?? ms
    if (ms % before !== 0 || (index > 0 && ms === before))
      throw new WaybillError(
        'INVALID_OPTION',
        `windows of ${formatResolution(ms)} are not made of whole windows of ${formatResolution(before)}`,
        {
          hint: 'name the lengths shortest first, each a multiple of the one before',
        },
      )
  }
  return lengthsMs
}

/** Stores what series were like over hours and days. */
export default defineExporter({
  type: 'windows',
  summary: 'Keeps what each series was like over hours and days (count, min, max, mean, sum, last), a file for each.',
  stability: 'beta',
  signals: ['metrics'],
  requires: storagePackages,
  config,
  traits: {
    formats: 'JSON lines, a file for each window',
    compression: 'none',
    authentication: 'none; in a bucket that of the storage',
    order: 'by window',
    repeats: 'counted twice',
    limits: '`max_series`; more are rejected',
    tested: 'kills, clocks that jump',
  },
  create: ({ name, config, host }) => {
    const { clock, log } = host
    const { directory = join(host.dataDir, 'windows'), storage: kept, ...options } = config
    const context = createContext({ clock, log, random: () => host.random() })
    const state = (resolution: string) => new JsonStateFile<WindowState>(join(directory, 'state', `${name}-${resolution}.json`))
    const storage = kept ? storageFor(kept, host) : new FileStorage(directory, { clock })
    return new WindowsExporter({ ...options, name, storage, state, context })
  },
})
