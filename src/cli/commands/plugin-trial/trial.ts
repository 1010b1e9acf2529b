import { type DispatchClass, dispatchPlugin, isDispatchClass } from '../../../arrays/third-party/dispatch-plugins.ts'
import type { Batch } from '../../../core/batch.ts'
import type { Context } from '../../../core/context.ts'
import type { EventExporter } from '../../../core/exporter.ts'
import type { AnyPlugin, ExporterPlugin } from '../../../core/plugin.ts'
import { toError } from '../../../core/result.ts'
import { type ExporterSetup, exporterContract } from '../../../testing/exporter-contract.ts'
import { samplePoints } from '../../../testing/sample-points.ts'
import { arrayBatch, identitiesIn, identityOf } from './array-records.ts'

/** What a case of the contract came to. `unseen`: it needs a look into the destination, which the plugin's file does not offer. */
export interface CaseOutcome {
  readonly name: string
  readonly status: 'passed' | 'failed' | 'unseen'
  readonly ms: number
  readonly error?: Error
}

type Setup = () => Promise<ExporterSetup<Date, Batch>>

export interface TrialOptions {
  readonly plugin: ExporterPlugin
  /** The module that it is of: it may export `contractSetup`, a function that makes an `ExporterSetup`. */
  readonly module: Readonly<Record<string, unknown>>
  /** Makes an exporter of a plugin with its settings. */
  readonly create: (plugin: ExporterPlugin) => EventExporter<Batch>
}

/**
 * Runs the contract of exporters on a plugin. Of a class with a `dispatch` what it has been given counts as arrived when its dispatch
 * has resolved; of any other plugin only its own `contractSetup` knows what has arrived.
 */
export async function tryPlugin(options: TrialOptions): Promise<readonly CaseOutcome[]> {
  const outcomes: CaseOutcome[] = []
  for (const { name, run } of exporterContract(setupOf(options))) {
    const startedMs = performance.now()
    const error = await run().then(() => undefined, toError)
    const status = !error ? 'passed' : error instanceof Unseen ? 'unseen' : 'failed'
    outcomes.push({ name, status, ms: performance.now() - startedMs, ...(status === 'failed' && error && { error }) })
  }
  return outcomes
}

class Unseen extends Error {}

function setupOf({ plugin, module, create }: TrialOptions): Setup {
  const { contractSetup } = module
  if (typeof contractSetup === 'function') return contractSetup as Setup
  const found = Object.values(module).find((value) => isDispatchClass(value) && value.name === plugin.type)
  if (isDispatchClass(found)) return dispatching(found, plugin, create)
  const arrays = plugin.signals.includes('metrics') ? undefined : 'alerts'
  return async () => ({
    exporter: create(plugin),
    time: new Date(),
    batch: arrays ? (count, tag) => arrayBatch(arrays, count, tag) : samplePoints,
    // Told apart only when somebody asks for what has arrived.
    identify: (batch) => (arrays ? identitiesIn(batch) : batch.signal === 'metrics' ? batch.points.map(({ series }) => series.key) : []),
    received: async () => {
      throw new Unseen('what has arrived cannot be seen')
    },
  })
}

function dispatching(given: DispatchClass, { signals }: AnyPlugin, create: TrialOptions['create']): Setup {
  const signal = signals.includes('metrics') ? 'metrics' : 'alerts'
  return async () => {
    const received: string[] = []
    // By its own name, so that it finds its settings and says who it is.
    const { [given.name]: recording } = {
      [given.name]: class extends given {
        override async dispatch(context: Context, data: Parameters<InstanceType<DispatchClass>['dispatch']>[1]): Promise<void> {
          const identities = data.map(identityOf)
          await super.dispatch(context, data)
          received.push(...identities)
        }
      },
    }
    return {
      exporter: create(dispatchPlugin(recording!) as ExporterPlugin),
      time: new Date(),
      batch: (count, tag) => arrayBatch(signal, count, tag),
      identify: identitiesIn,
      received: async () => received,
    }
  }
}
