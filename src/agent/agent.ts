import { join } from 'node:path'
import { systemClock } from '../core/clock.ts'
import { type Component, type HealthStatus, healthy } from '../core/component.ts'
import { type Context, createContext } from '../core/context.ts'
import { formatDuration } from '../core/duration.ts'
import { WaybillError } from '../core/errors.ts'
import { Ledger, type LedgerFigures } from '../core/ledger.ts'
import type { Log } from '../core/log.ts'
import type { PluginKind } from '../core/plugin.ts'
import { toError } from '../core/result.ts'
import { sinceStart } from '../core/since-start.ts'
import { DeadLetterStore } from '../dead-letters/dead-letter-store.ts'
import { aborted } from '../delivery/aborted.ts'
import { MemoryBudget } from '../delivery/memory-budget.ts'
import { ApiServer } from './api/server.ts'
import type { LoadedConfig } from './config/load.ts'
import { claimDataDir, releaseDataDir, writeAgentFile } from './data-dir.ts'
import { deadLetterFolder } from './dead-letters.ts'
import { registerHealth } from './diagnose.ts'
import { Inputs, stopQuietly } from './inputs.ts'
import { createInstances, type Instance, type InstanceOptions, type Instances } from './instances.ts'
import { Intakes } from './intakes.ts'
import { componentsOf, keeper } from './kept.ts'
import { LedgerFile } from './ledger-file.ts'
import { tellLeftBuffers } from './left-buffers.ts'
import { LogLevels } from './log-levels.ts'
import { onlyAtStart } from './only-at-start.ts'
import { stopExporters } from './stop-exporters.ts'
import { Taps } from './taps.ts'

export interface AgentOptions {
  readonly config: LoadedConfig
  readonly log: Log
  /** In place of the configuration's. */
  readonly dataDir?: string
  /** Of the log, where they may be changed. */
  readonly levels?: LogLevels
  /** Reads the configuration again; without it there is nothing to reload. */
  readonly load?: () => Promise<LoadedConfig>
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
  readonly dataDir: string
  readonly ledger: Ledger
  readonly taps = new Taps()
  readonly deadLetters: DeadLetterStore
  /** Aborts when a stop begins: replays of dead letters end then. */
  readonly #ending = new AbortController()
  readonly levels: LogLevels
  readonly startedMs = Date.now()
  readonly #log: Log
  readonly #context: Context
  readonly #load: (() => Promise<LoadedConfig>) | undefined
  readonly #made: InstanceOptions
  readonly #intakes = new Intakes()
  readonly #inputs: Inputs
  readonly #books: LedgerFile
  readonly #api: ApiServer | undefined
  #config: LoadedConfig
  #instances: Instances
  #state: AgentState = 'starting'
  #reloading: Promise<unknown> = Promise.resolve()
  #stopping: Promise<void> | undefined

  /** Makes everything and starts nothing. Throws what a plugin throws that cannot be made with its settings. */
  static async create(options: AgentOptions): Promise<Agent> {
    const dataDir = options.dataDir ?? options.config.file.dataDir
    const ledger = new Ledger()
    const books = new LedgerFile(dataDir, ledger, options.log)
    await books.restore()
    return new Agent(options, { dataDir, ledger, books })
  }

  private constructor(
    { config, log, levels = new LogLevels(), load }: AgentOptions,
    { dataDir, ledger, books }: { dataDir: string; ledger: Ledger; books: LedgerFile },
  ) {
    this.dataDir = dataDir
    this.ledger = ledger
    this.#books = books
    const { maxSize: maxBytes, maxAge: maxAgeMs } = config.file.deadLetters
    this.deadLetters = new DeadLetterStore({ directory: join(dataDir, deadLetterFolder), maxBytes, maxAgeMs })
    this.#inputs = new Inputs(this.#intakes, this.ledger, dataDir)
    this.#log = log
    this.levels = levels
    this.#load = load
    this.#context = createContext({ clock: systemClock, log })
    const budget = new MemoryBudget(config.file.maxMemory)
    this.#made = {
      dataDir,
      log,
      ledger: this.ledger,
      budget,
      deadLetter: this.deadLetters,
      taps: this.taps,
      find: (name) => this.#instances.exporters.get(name),
    }
    this.#config = config
    this.#instances = createInstances(config, this.#made)
    registerHealth(this.#instances.sources, () => this.health())
    const { enabled, listen, token } = config.file.api
    this.#api = enabled ? new ApiServer({ agent: this, listen, ...(token && { token }), log }) : undefined
  }

  get config(): LoadedConfig {
    return this.#config
  }

  get instances(): Instances {
    return this.#instances
  }

  get state(): AgentState {
    return this.#state
  }

  /** For work beside the pipelines, which ends when a stop begins. */
  get context(): Context {
    return { ...this.#context, signal: this.#ending.signal }
  }

  /** Where the HTTP API answers, once it does. */
  get apiUrl(): string | undefined {
    return this.#api?.url
  }

  /** Takes the data directory, opens the API, then exporters, then what feeds them. Throws WaybillError when it cannot run, with nothing left running. */
  async start(): Promise<void> {
    await claimDataDir(this.dataDir)
    this.#books.start()
    try {
      await this.deadLetters
        .start(this.#context)
        .catch((error) => this.#log.error('dead letters cannot be kept yet; it is tried again', { error: toError(error) }))
      await this.#api?.start()
      writeAgentFile(this.dataDir, { pid: process.pid, ...(this.apiUrl && { api: this.apiUrl }) })
      await this.#intakes.change(this.#config, this.#instances, { signal: this.#context.signal })
      await this.#startAll()
      await tellLeftBuffers(this.dataDir, this.#onDisk(), this.#log)
      this.#state = 'running'
    } catch (thrown) {
      await this.stop(0)
      throw thrown
    }
  }

  /**
   * Reads the configuration again and goes over to it: what has not changed goes on with its queue, its books and its state.
   * Rejects, with everything as it was, when the configuration has errors or something in it cannot be made.
   */
  reload(): Promise<void> {
    const reloading = this.#reloading.then(() => this.#reload())
    this.#reloading = reloading.catch(() => {})
    return reloading
  }

  /**
   * Sources first, then what is queued until the deadline, then exporters, the dead letters and the API. What is left then is
   * in the dead letters. Called again, it gives the same promise.
   */
  stop(timeoutMs = this.#config.file.stopTimeout): Promise<void> {
    this.#stopping ??= this.#stop(timeoutMs)
    return this.#stopping
  }

  figures(): LedgerFigures {
    return this.ledger.figures()
  }

  /** Whether records had to go to the dead letters since the start, or are left over and not on disk. */
  get leftSome(): boolean {
    const onDisk = this.#onDisk()
    return this.figures()
      .exporters.map(sinceStart)
      .some(({ name, deadLettered, pending }) => deadLettered > 0 || (pending > 0 && !onDisk.has(name)))
  }

  /** Health of everything that was made from the configuration, by kind and name. */
  health(): readonly ComponentHealth[] {
    const { sources, receivers, processors, exporters } = this.#instances
    const healthOf = (component: Component) => component.health?.() ?? healthy
    const chains = this.#config.exporters.map(({ name, plugin }) => ({
      kind: plugin.kind,
      name,
      type: plugin.type,
      component: exporters.get(name)!,
    }))
    return [...sources, ...receivers, ...processors, ...chains].map(({ kind, name, type, component }) => ({
      kind,
      name,
      type,
      health: healthOf(component),
    }))
  }

  /** Names of the exporters whose buffers are on disk. */
  #onDisk(): ReadonlySet<string> {
    return new Set(this.#config.exporters.flatMap(({ name, rest }) => (rest.buffer.type === 'disk' ? [name] : [])))
  }

  async #startAll(): Promise<void> {
    const { exporters, processors } = this.#instances
    await exporters.startAll(this.#context)
    for (const { component } of processors) await component.start?.(this.#context)
    await this.#inputs.start(this.#instances, this.#context)
  }

  /** Starts what is new before anything old ends; when one cannot be started, all of them are stopped again. */
  async #tryToStart(instances: readonly Instance[]): Promise<void> {
    try {
      for (const { component } of instances) await component.start?.(this.#context)
    } catch (thrown) {
      for (const { name, component } of instances) await stopQuietly(name, component, this.#context)
      throw thrown
    }
  }

  async #reload(): Promise<void> {
    if (!this.#load)
      throw new WaybillError('INVALID_OPTION', 'the agent runs without a configuration file: there is nothing to reload', {
        hint: 'start it with a file',
      })
    const config = await this.#load()
    if (this.#state !== 'running')
      throw new WaybillError('INVALID_OPTION', `the agent is ${this.#state}`, { hint: 'reload it while it runs' })
    const before = { config: this.#config, instances: this.#instances }
    const instances = createInstances(config, { ...this.#made, keep: keeper(before.config, before.instances) })
    registerHealth(instances.sources, () => this.health())
    const kept = componentsOf(instances)
    const known = componentsOf(before.instances)
    const fresh = [...instances.sources, ...instances.processors].filter(({ component }) => !known.has(component))
    await this.#tryToStart(fresh)
    let changed = false
    await this.#within(before.config.file.stopTimeout, async (context) => {
      await Promise.race([this.#inputs.stop(context, kept), aborted(context.signal)])
      const also = () => {
        this.#config = config
        this.#instances = instances
      }
      changed = await this.#intakes.change(config, instances, { signal: context.signal, also })
      if (changed) await stopExporters(before, context, kept)
    })
    if (!changed) for (const { name, component } of fresh) await stopQuietly(name, component, this.#context)
    await this.#startAll()
    if (!changed)
      throw new WaybillError('TIMED_OUT', `batches were still under way after ${formatDuration(before.config.file.stopTimeout)}`, {
        hint: 'an exporter without a buffer is slow; try again, or give it one',
      })
    const made = [...kept].filter((component) => !known.has(component)).length
    this.#log.info('the configuration was reloaded', { kept: kept.size - made, new: made })
    if (JSON.stringify(config.file.log) !== JSON.stringify(before.config.file.log)) this.levels.change(config.file.log)
    const later = onlyAtStart(before.config.file, config.file)
    if (later.length > 0) this.#log.warn('the configuration has changes that take effect at the next start', { settings: later.join(', ') })
  }

  async #stop(timeoutMs: number): Promise<void> {
    this.#state = 'stopping'
    this.#ending.abort()
    await this.#within(timeoutMs, async (context) => {
      await Promise.race([this.#reloading, aborted(context.signal)])
      await Promise.race([this.#inputs.stop(context), aborted(context.signal)])
      await stopExporters({ config: this.#config, instances: this.#instances }, context)
    })
    await this.#api?.stop()
    await this.deadLetters.stop(this.#context)
    await this.#books.stop()
    releaseDataDir(this.dataDir)
    this.#state = 'stopped'
  }

  /** Runs `work` with a signal that aborts after `timeoutMs`. */
  async #within(timeoutMs: number, work: (context: Context) => Promise<void>): Promise<void> {
    const deadline = new AbortController()
    const finished = new AbortController()
    void systemClock.sleep(timeoutMs, finished.signal).then(() => deadline.abort())
    try {
      await work({ ...this.#context, signal: deadline.signal })
    } catch (thrown) {
      this.#log.error('not everything could be stopped', { error: toError(thrown) })
    } finally {
      finished.abort()
    }
  }
}
