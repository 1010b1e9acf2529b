import {
  type Alert,
  type Context,
  degraded,
  type Emit,
  type HealthStatus,
  healthy,
  type ListenAddress,
  orAborted,
  type Receiver,
  toError,
} from '../../sdk.ts'
import type { ArraysConfig } from '../config.ts'
import { genericAlert } from '../traps/generic-alert.ts'
import type { Trap } from '../traps/trap.ts'
import { TrapReceiver } from '../traps/trap-receiver.ts'
import type { TrapSource } from '../traps/trap-source.ts'
import { AlertBook, type Listed } from './alert-book.ts'
import { AlertWatch } from './alert-watch.ts'
import type { ArrayRegistry, CollectionPlan, Span } from './array-source.ts'
import { CollectionJob } from './collection-job.ts'
import { inTime } from './in-time.ts'
import type { ArrayStates } from './states.ts'
import { Turns } from './turns.ts'

export interface ArraysOptions {
  readonly registry: ArrayRegistry & { trapSources(): Promise<readonly TrapSource[]> }
  readonly states: ArrayStates
  readonly config: Pick<ArraysConfig, 'collection' | 'traps'>
  /** Default: `arrays`. */
  readonly name?: string
}

/** What is collected of one array. */
export interface CollectionFigures {
  readonly id: string
  readonly intervalMs: number
  /** Windows that could not be collected yet. */
  readonly pendingWindows: number
  /** Windows given up since they became too old, ever. */
  readonly droppedWindows: number
  readonly health: HealthStatus
}

/** Storage arrays as a receiver: hands on what they measure, window by window, and what they complain of. */
export interface Arrays extends Receiver {
  /** From now on this is collected of the array; nothing any more without a plan. Resolves when it has begun, or has ended. */
  collect(id: string, plan: CollectionPlan | undefined): Promise<void>
  /** The array is no longer registered. */
  remove(id: string): Promise<void>
  /**
   * Asks the array for its alerts and hands them on; resolves to how many there are. Without a span: all that there are now. Rejects
   * where the array does not tell, and before anybody listens.
   */
  syncAlerts(id: string, span?: Span): Promise<number>
  /** The alerts of the array for which `which` holds are over, since somebody has cleared them. */
  cleared(id: string, which: (alert: Alert) => boolean): Promise<void>
  /** An alert source was set, changed or removed. */
  trapSourcesChanged(): Promise<void>
  /** Where it listens for traps; undefined when it does not. */
  trapAddress(): ListenAddress | undefined
  figures(): { readonly collections: readonly CollectionFigures[]; readonly traps: { taken: number; dropped: number; repeated: number } }
}

/** Nothing is collected before it listens. */
export function createArrays(options: ArraysOptions): Arrays {
  return new RunningArrays(options)
}

/** What comes while nobody takes alerts has no end. */
const mostWaitingTraps = 10_000

const listenAgainMs = 10_000

class RunningArrays implements Arrays {
  readonly name: string
  readonly #options: ArraysOptions
  readonly #jobs = new Map<string, CollectionJob>()
  readonly #turns: Turns
  #traps: TrapReceiver | undefined
  #watch: AlertWatch | undefined
  #running: { readonly context: Context; readonly emit: Emit; readonly alerts: AlertBook; end(): void } | undefined
  #last: Promise<unknown> = Promise.resolve()
  #lastTrap: Promise<unknown> = Promise.resolve()
  #waitingTraps = 0
  #lostTraps = 0
  #trapProblem: Error | undefined

  constructor(options: ArraysOptions) {
    this.name = options.name ?? 'arrays'
    this.#options = options
    this.#turns = new Turns(options.config.collection.concurrency)
  }

  async listen(emit: Emit, given: Context): Promise<void> {
    if (this.#running) return
    const ending = new AbortController()
    const context = { ...given, signal: AbortSignal.any([given.signal, ending.signal]) }
    const { registry, states, config } = this.#options
    const alerts = new AlertBook({ emit, context, states, repeatAfterMs: config.traps.repeatAfter })
    this.#running = { context, emit, alerts, end: () => ending.abort() }
    try {
      await this.#listenForTraps(context)
      for (const { id, ...plan } of await registry.plans()) await this.collect(id, plan)
      this.#watchAlerts(context)
    } catch (thrown) {
      await this.stop()
      throw thrown
    }
  }

  async stop(): Promise<void> {
    this.#running?.end()
    await this.#inTurn(async () => {
      await this.#traps?.stop()
      await Promise.all([...this.#jobs.values()].map((job) => job.stop()))
      await this.#watch?.stop()
      await this.#lastTrap
      await this.#running?.alerts.close()
      this.#jobs.clear()
      this.#running = undefined
    })
  }

  collect(id: string, plan: CollectionPlan | undefined): Promise<void> {
    return this.#inTurn(async () => {
      await this.#jobs.get(id)?.stop()
      this.#jobs.delete(id)
      if (!plan) return this.#options.states.remove(id, ['windows', 'history'])
      if (!this.#running) return
      const { registry, states, config } = this.#options
      const { emit, context } = this.#running
      const job = new CollectionJob({ id, plan, registry, states, config: config.collection, turns: this.#turns, emit, context })
      this.#jobs.set(id, job)
      await job.start()
    })
  }

  async remove(id: string): Promise<void> {
    await this.collect(id, undefined)
    await this.cleared(id, () => true)
  }

  syncAlerts(id: string, span?: Span): Promise<number> {
    return this.#askForAlerts(id, span, { whole: span === undefined })
  }

  async cleared(id: string, which: (alert: Alert) => boolean): Promise<void> {
    await this.#running?.alerts.cleared(id, which)
  }

  async trapSourcesChanged(): Promise<void> {
    await this.#traps?.use(await this.#options.registry.trapSources())
  }

  trapAddress(): ListenAddress | undefined {
    return this.#traps?.address()
  }

  health(): HealthStatus {
    if (!this.#running) return { state: 'stopped' }
    const ill = this.figures().collections.filter(({ health }) => health.state === 'degraded' || health.state === 'unhealthy')
    const [first] = ill
    if (first && 'reason' in first.health)
      return degraded(`${ill.length} of ${this.#jobs.size} arrays: ${first.id}: ${first.health.reason}`)
    if (this.#trapProblem) return degraded(this.#trapProblem.message)
    const [mute] = this.#watch?.problems ?? []
    return mute ? degraded(`alerts of ${mute[0]}: ${mute[1].message}`) : healthy
  }

  figures(): ReturnType<Arrays['figures']> {
    const collections = [...this.#jobs].map(([id, job]) => ({
      id,
      intervalMs: job.plan.intervalMs,
      pendingWindows: job.pendingWindows,
      droppedWindows: job.droppedWindows,
      health: job.health(),
    }))
    const { taken = 0, dropped = 0 } = this.#traps ?? {}
    return { collections, traps: { taken, dropped: dropped + this.#lostTraps, repeated: this.#running?.alerts.repeated ?? 0 } }
  }

  #watchAlerts(context: Context): void {
    const { registry, config } = this.#options
    const { alertsInterval, concurrency } = config.collection
    if (alertsInterval === null) return
    const turns = new Turns(concurrency)
    const ask = (id: string) =>
      turns.run(async () => context.signal.aborted || this.#askForAlerts(id, undefined, { whole: true, news: true }))
    this.#watch = new AlertWatch({ everyMs: alertsInterval, ids: () => registry.ids(), ask, context })
  }

  async #askForAlerts(id: string, span: Span | undefined, listed: Listed): Promise<number> {
    if (!this.#running) throw new Error('nobody takes alerts yet')
    const { registry, config } = this.#options
    const { alerts, context } = this.#running
    const source = await orAborted(registry.source(id), context.signal)
    if (!source) return 0
    const answer = await inTime(source.alerts(span, context), { id, timeoutMs: config.collection.timeout, context })
    // It may have been removed meanwhile.
    return (await registry.source(id)) ? alerts.listed(source.array, answer, listed) : 0
  }

  async #listenForTraps(context: Context): Promise<void> {
    const { config, registry } = this.#options
    const { log } = context
    if (!config.traps.enabled) return
    const take = (id: string, trap: Trap) => {
      if (this.#waitingTraps >= mostWaitingTraps) return void this.#lostTraps++
      this.#waitingTraps++
      this.#lastTrap = this.#lastTrap
        .then(() => this.#takeTrap(id, trap))
        .catch((thrown) => log.warn('a trap could not be told', { array: id, error: toError(thrown) }))
        .finally(() => this.#waitingTraps--)
    }
    this.#traps ??= new TrapReceiver({ listen: config.traps.listen, take, log })
    await this.#traps.use(await registry.trapSources())
    if (!(await this.#tryToListen(context))) void this.#listenLater(context)
  }

  /** What can be collected does not wait for a port that is taken. */
  async #listenLater(context: Context): Promise<void> {
    do await context.clock.sleep(listenAgainMs, context.signal)
    while (!context.signal.aborted && !(await this.#tryToListen(context)))
  }

  async #tryToListen({ log }: Context): Promise<boolean> {
    try {
      await this.#traps!.start()
      this.#trapProblem = undefined
    } catch (thrown) {
      this.#trapProblem = toError(thrown)
      log.error('no traps are taken yet, will try again', { error: this.#trapProblem })
    }
    return this.#trapProblem === undefined
  }

  async #takeTrap(id: string, trap: Trap): Promise<void> {
    const source = await this.#options.registry.source(id)
    if (!source || !this.#running) return
    const { alerts, context } = this.#running
    await alerts.told(source.array, source.alertOf?.(trap) ?? genericAlert(trap, context.clock.now()))
  }

  /** Changes one after another, so that no array ever has two jobs. */
  #inTurn(task: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(task)
    this.#last = turn.catch(() => {})
    return turn
  }
}
