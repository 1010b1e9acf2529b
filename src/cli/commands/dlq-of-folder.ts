import { join } from 'node:path'
import { type LoadedConfig, loadFile } from '../../agent/config/load.ts'
import { claimDataDir, releaseDataDir } from '../../agent/data-dir.ts'
import { deadLetterFolder } from '../../agent/dead-letters.ts'
import { createInstances } from '../../agent/instances.ts'
import { Taps } from '../../agent/taps.ts'
import type { Batch } from '../../core/batch.ts'
import { type Context, createContext } from '../../core/context.ts'
import { WaybillError } from '../../core/errors.ts'
import { Ledger } from '../../core/ledger.ts'
import type { Log } from '../../core/log.ts'
import { DeadLetterStore } from '../../dead-letters/dead-letter-store.ts'
import { letterJson } from '../../dead-letters/letter.ts'
import { parseFilter } from '../../dead-letters/letter-filter.ts'
import { countWaiting, purge } from '../../dead-letters/purge.ts'
import { replay } from '../../dead-letters/replay.ts'
import { MemoryBudget } from '../../delivery/memory-budget.ts'
import type { ExporterRegistry } from '../../delivery/registry.ts'
import type { DeadLetterAccess, ShownLetter } from './dlq-access.ts'

export interface FolderOptions {
  readonly dataDir: string
  readonly log: Log
  /** The configuration whose exporters a replay uses. */
  readonly config?: string | undefined
}

/** The dead letters in a data directory whose agent does not run. Rejects with WaybillError `DATA_DIR_IN_USE` when it does. */
export async function lettersOfFolder(options: FolderOptions): Promise<DeadLetterAccess> {
  const { dataDir, log } = options
  const context = createContext({ log })
  await claimDataDir(dataDir)
  const store = new DeadLetterStore({ directory: join(dataDir, deadLetterFolder) })
  try {
    await store.start(context)
  } catch (thrown) {
    releaseDataDir(dataDir)
    throw thrown
  }
  return {
    async *list(filter, limit = Number.POSITIVE_INFINITY) {
      let left = limit
      for await (const letter of store.list(parseFilter(filter))) {
        if (left-- <= 0) return
        yield letterJson(letter) as ShownLetter
      }
    },
    count: (filter) => countWaiting(store, parseFilter(filter)),
    async find(id) {
      const letter = await store.find(id)
      return letter && (letterJson(letter) as ShownLetter)
    },
    figures: async () => store.figures(),
    purge: (filter) => purge(store, parseFilter(filter), context),
    async replay(given, { target, recordsPerSecond, signal, onProgress }) {
      const filter = parseFilter(given)
      const matched = await countWaiting(store, filter)
      const config = await configOf(options)
      return withExporters(config, { store, context, dataDir }, async (exporters) => {
        if (target !== undefined && !exporters.get(target))
          throw new WaybillError('INVALID_OPTION', `${config.path} has no exporter ${target}`, {
            hint: `there are ${exporters.names().join(', ')}`,
          })
        const exporterOf = (name: string) => exporters.get(target ?? name)
        const onDone = (done: Awaited<ReturnType<typeof replay>>) => onProgress({ matched, ...done })
        return { matched, ...(await replay(store, { filter, exporterOf, recordsPerSecond, onProgress: onDone }, { ...context, signal })) }
      })
    },
    async close() {
      await store.stop(context)
      releaseDataDir(dataDir)
    },
  }
}

function configOf({ config, dataDir }: FolderOptions): Promise<LoadedConfig> {
  if (config !== undefined) return loadFile(config)
  throw new WaybillError('INVALID_OPTION', `no agent runs with the data directory ${dataDir}, so a replay needs its configuration`, {
    hint: 'name it with --config, or start the agent',
  })
}

interface Surroundings {
  readonly store: DeadLetterStore
  readonly context: Context
  readonly dataDir: string
}

/** Runs the exporters of a configuration, without anything that feeds them; when `work` is done, what they hold is delivered or dead-lettered. */
async function withExporters<T>(
  config: LoadedConfig,
  { store, context, dataDir }: Surroundings,
  work: (exporters: ExporterRegistry<Date, Batch>) => Promise<T>,
): Promise<T> {
  const { file } = config
  const { exporters } = createInstances(
    { ...config, sources: [], receivers: [], processors: [], file: { ...file, pipelines: [] } },
    {
      dataDir,
      log: context.log,
      ledger: new Ledger(),
      budget: new MemoryBudget(file.maxMemory),
      deadLetter: store,
      taps: new Taps(),
      find: (name) => exporters.get(name),
    },
  )
  await exporters.startAll(context)
  try {
    return await work(exporters)
  } finally {
    const signal = AbortSignal.timeout(file.stopTimeout)
    await exporters.stopAll({ ...context, signal })
  }
}
