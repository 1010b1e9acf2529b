import { ComputeExportController } from '../../controllers/compute.ts'
import { alignWindow, type Context, type Emit, type HealthStatus, toError } from '../../sdk.ts'
import type { ArrayRegistry, ArraySource, CollectionPlan } from './array-source.ts'
import type { CollectionConfig } from './config.ts'
import { beginHistory, History } from './history.ts'
import { type Measured, MeasuredWindows } from './measured-windows.ts'
import { MeasuresExporter } from './measures-exporter.ts'
import { type ArrayStates, goOnInLength } from './states.ts'
import type { Turns } from './turns.ts'

export interface CollectionJobOptions {
  readonly id: string
  readonly plan: CollectionPlan
  readonly registry: ArrayRegistry
  readonly states: ArrayStates
  readonly config: CollectionConfig
  readonly turns: Turns
  readonly emit: Emit
  readonly context: Context
}

/** Collects what one array measures, window after window, until it is stopped. */
export class CollectionJob {
  readonly plan: CollectionPlan
  readonly #options: CollectionJobOptions
  readonly #ending = new AbortController()
  #controller: ComputeExportController<Measured> | undefined
  #history: Promise<void> | undefined

  constructor(options: CollectionJobOptions) {
    this.plan = options.plan
    this.#options = options
  }

  /** Windows given up since they became too old, ever. */
  get droppedWindows(): number {
    return this.#controller?.droppedWindows ?? 0
  }

  /** Windows that are still to be collected. */
  get pendingWindows(): number {
    return this.#controller?.pendingWindows ?? 0
  }

  /** Begins with the window that has closed last, at once. Rejects where the registry does. */
  async start(): Promise<void> {
    const { id, plan, registry, states, config, turns, emit } = this.#options
    const { intervalMs } = plan
    const source = await registry.source(id)
    if (!source || this.#ending.signal.aborted) return
    const context = this.#context()
    await goOnInLength(states, id, { resolutionMs: intervalMs, nowMs: context.clock.now() })
    const { retentionMs = config.retryWindow } = source
    const exporter = new MeasuresExporter(emit, turns)
    this.#controller = new ComputeExportController({
      source: this.#windows(config.overlap),
      exporter,
      resolution: intervalMs,
      sourceResolution: intervalMs,
      state: states.windows(id),
      maxPending: Math.max(1, Math.floor(Math.min(config.retryWindow, retentionMs) / intervalMs)),
      immediate: true,
      context,
    })
    const beganMs = alignWindow(context.clock.now(), intervalMs).start.getTime() - intervalMs
    this.#controller.start(intervalMs)
    this.#history = this.#collectHistory(source, { beganMs, exporter, context }).catch((thrown) =>
      context.log.error('the history cannot be collected', { error: toError(thrown) }),
    )
  }

  /** What is under way is given up, and collected again after the next start. */
  async stop(): Promise<void> {
    this.#ending.abort()
    await this.#controller?.stop()
    await this.#history
  }

  health(): HealthStatus {
    return this.#controller?.health() ?? { state: 'starting' }
  }

  /** How far back an array can tell is known only once it can be reached. */
  async #collectHistory(
    first: ArraySource,
    { beganMs, exporter, context }: { beganMs: number; exporter: MeasuresExporter; context: Context },
  ): Promise<void> {
    const { id, plan, registry, states, config } = this.#options
    const { clock, signal } = context
    const state = states.history(id)
    await beginHistory(state, beganMs)
    let source: ArraySource | undefined = first
    while (source?.away) {
      await clock.sleep(plan.intervalMs, signal)
      if (signal.aborted) return
      source = await registry.source(id)
    }
    if (!source) return
    const { retentionMs = config.retryWindow } = source
    const route = { source: this.#windows(0), exporter, sourceResolutionMs: plan.intervalMs }
    const history = new History({ route, state, retentionMs, againMs: plan.intervalMs, context })
    await history.run(plan.historic && source.retentionMs !== undefined)
  }

  #context(): Context {
    const { id, context } = this.#options
    return { ...context, signal: AbortSignal.any([context.signal, this.#ending.signal]), log: context.log.child({ array: id }) }
  }

  #windows(overlapMs: number): MeasuredWindows {
    const { id, registry, config } = this.#options
    return new MeasuredWindows({ id, registry, overlapMs, timeoutMs: config.timeout })
  }
}
