import { EventExportController } from '../controllers/event.ts'
import { type Batch, batchRecords } from '../core/batch.ts'
import { systemClock } from '../core/clock.ts'
import { type Component, type HealthStatus, healthy } from '../core/component.ts'
import { type Context, createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { Ledger, type LedgerFigures } from '../core/ledger.ts'
import type { Log } from '../core/log.ts'
import type { PluginKind } from '../core/plugin.ts'
import { retry, toError } from '../core/result.ts'
import { aborted } from '../delivery/aborted.ts'
import { MultiExporter } from '../delivery/multi.ts'
import { ApiServer } from './api/server.ts'
import type { LoadedConfig } from './config/load.ts'
import { claimDataDir, releaseDataDir, writeAgentFile } from './data-dir.ts'
import { createDeadLetters } from './dead-letters.ts'
import { createInstances, type Instance, type Instances, unlimited } from './instances.ts'
import { stopOrder } from './stop-order.ts'

export interface AgentOptions {
  readonly config: LoadedConfig
  readonly log: Log
  /** In place of the configuration's. */
  readonly dataDir?: string
}

export interface ComponentHealth {
  readonly kind: PluginKind
  readonly name: string
  readonly type: string
  readonly health: HealthStatus
}

export type AgentState = 'starting' | 'running' | 'stopping' | 'stopped'

/** Running pipelines, made from a configuration: sources and receivers, processors, and the exporters with what holds them. */
export class Agent {
  readonly config: LoadedConfig
  readonly dataDir: string
  readonly ledger: Ledger
  readonly instances: Instances
  readonly startedMs = Date.now()
  readonly #log: Log
  readonly #context: Context
  readonly #deadLetter: EventExporter<Batch>
  readonly #controllers: EventExportController<Batch>[] = []
  readonly #api: ApiServer | undefined
  #state: AgentState = 'starting'
  #stopping: Promise<void> | undefined

  /** Makes everything and starts nothing. Throws what a plugin throws that cannot be made with its settings. */
  static async create(options: AgentOptions): Promise<Agent> {
    const dataDir = options.dataDir ?? options.config.file.dataDir
    const deadLetter = await createDeadLetters(options.config.catalogue, { dataDir, log: options.log })
    return new Agent(options, dataDir, deadLetter)
  }

  private constructor({ config, log }: AgentOptions, dataDir: string, deadLetter: EventExporter<Batch>) {
    this.config = config
    this.dataDir = dataDir
    this.#log = log
    this.#context = createContext({ clock: systemClock, log })
    this.#deadLetter = deadLetter
    this.ledger = new Ledger()
    this.instances = createInstances(config, { dataDir, log, ledger: this.ledger, deadLetter })
    const { enabled, listen, token } = config.file.api
    this.#api = enabled ? new ApiServer({ agent: this, listen, ...(token && { token }), log }) : undefined
  }

  get state(): AgentState {
    return this.#state
  }

  /** Where the HTTP API answers, once it does. */
  get apiUrl(): string | undefined {
    return this.#api?.url
  }

  /** Takes the data directory, opens the API, then exporters, then what feeds them. Throws WaybillError when it cannot run. */
  async start(): Promise<void> {
    claimDataDir(this.dataDir)
    await this.#api?.start()
    writeAgentFile(this.dataDir, { pid: process.pid, ...(this.apiUrl && { api: this.apiUrl }) })
    const { exporters, processors, receivers, sources } = this.instances
    await exporters.startAll(this.#context)
    for (const { component } of processors) await component.start?.(this.#context)
    for (const { component, name } of receivers) {
      const intake = this.#intake(name)
      await component.listen((batch) => intake.export(new Date(), batch, this.#context), this.#context)
    }
    for (const { component, name, intervalMs } of sources) {
      await component.start?.(this.#context)
      const accounts = this.#accountsOf(name)
      const controller = new EventExportController({
        source: component,
        exporter: this.#intake(name),
        context: this.#context,
        onMissed: () => {
          for (const account of accounts) account.miss()
        },
      })
      this.#controllers.push(controller)
      controller.start(intervalMs)
    }
    this.#state = 'running'
  }

  /**
   * Sources first, then what is queued until the deadline, then exporters, the dead letters and the API. What is left then is
   * in the dead letters. Called again, it gives the same promise.
   */
  stop(timeoutMs = this.config.file.stopTimeout): Promise<void> {
    this.#stopping ??= this.#stop(timeoutMs)
    return this.#stopping
  }

  figures(): LedgerFigures {
    return this.ledger.figures()
  }

  /** Whether records had to go to the dead letters or are left over. */
  get leftSome(): boolean {
    return this.figures().exporters.some(({ deadLettered, pending }) => deadLettered + pending > 0)
  }

  /** Health of everything that was made from the configuration, by kind and name. */
  health(): readonly ComponentHealth[] {
    const { sources, receivers, processors, exporters } = this.instances
    const healthOf = (component: Component) => component.health?.() ?? healthy
    return [
      ...[...sources, ...receivers, ...processors].map(({ kind, name, type, component }) => ({
        kind,
        name,
        type,
        health: healthOf(component),
      })),
      ...this.config.exporters.map(({ name, plugin }) => ({
        kind: plugin.kind,
        name,
        type: plugin.type,
        health: healthOf(exporters.get(name)!),
      })),
    ]
  }

  async #stop(timeoutMs: number): Promise<void> {
    this.#state = 'stopping'
    const deadline = new AbortController()
    const finished = new AbortController()
    void systemClock.sleep(timeoutMs, finished.signal).then(() => deadline.abort())
    const context = { ...this.#context, signal: deadline.signal }
    const { sources, receivers, processors, exporters } = this.instances
    await Promise.race([Promise.all(this.#controllers.map((controller) => controller.stop())), aborted(deadline.signal)])
    await this.#stopEach([...sources, ...receivers], context)
    const passing = this.config.exporters.map(({ name, rest }) => ({ name, fallback: rest.fallback }))
    for (const group of stopOrder(passing)) await exporters.stopAll(context, group)
    await this.#stopEach(processors, context)
    await this.#deadLetter.stop?.(context)
    await this.#api?.stop()
    releaseDataDir(this.dataDir)
    finished.abort()
    this.#state = 'stopped'
  }

  async #stopEach(instances: readonly Instance[], context: Context): Promise<void> {
    await Promise.all(
      instances.map(async ({ component, name }) => {
        try {
          await component.stop?.(context)
        } catch (thrown) {
          this.#log.error('could not be stopped cleanly', { component: name, error: toError(thrown) })
        }
      }),
    )
  }

  /** All pipelines that take from that source or receiver, as one exporter. */
  #intake(name: string): EventExporter<Batch> {
    const pipelines = this.#pipelinesOf(name)
    if (pipelines.length === 0) return { name, export: async () => retry(new Error(`no pipeline takes from ${name}`)) }
    return new MultiExporter(pipelines, { name, ...unlimited, records: batchRecords })
  }

  #accountsOf(name: string) {
    return this.#pipelinesOf(name).map((pipeline) => this.ledger.pipeline(pipeline.name))
  }

  #pipelinesOf(name: string) {
    const names = this.config.file.pipelines.filter(({ from }) => from.includes(name)).map((pipeline) => pipeline.name)
    return this.instances.pipelines.filter((pipeline) => names.includes(pipeline.name))
  }
}
