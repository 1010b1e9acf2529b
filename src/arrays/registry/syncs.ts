import { type Context, toError } from '../../sdk.ts'
import { Turns } from '../collection/turns.ts'
import type { ArrayDevice } from '../driver.ts'
import { ArrayFailure } from '../model/failures.ts'
import { deviceSchema, nativeIdOf, type ResourceKind, resourceKinds, resourceSchemas } from '../model/resources.ts'
import { told } from '../model/told.ts'
import { type ArrayStore, arrayKind } from '../store/array-store.ts'
import { ask } from './asking.ts'

export interface SyncsOptions {
  readonly store: ArrayStore
  /** Undefined for an array that is not registered (any more). */
  device(id: string): Promise<ArrayDevice | undefined>
  /** What no message may tell of an array. */
  secrets(id: string): Promise<readonly string[]>
  readonly context: Context
}

const syncKind = 'syncs'
const atOnce = 4
const withinMs = 30 * 60_000

/** Asks arrays what they consist of, and keeps it. What a restart cuts off begins anew with the next start. */
export class Syncs {
  readonly #options: SyncsOptions
  readonly #running = new Map<string, { readonly done: Promise<void>; end(): void }>()
  readonly #turns = new Turns(atOnce)
  #stopping = false

  constructor(options: SyncsOptions) {
    this.#options = options
  }

  isRunning(id: string): boolean {
    return this.#running.has(id)
  }

  /** Begins those that were not finished. */
  async resume(): Promise<void> {
    this.#stopping = false
    for (const { id } of await this.#options.store.list(syncKind)) this.begin(id)
  }

  /** Asks an array in the background. Throws ArrayFailure `StorageIsSyncing`. */
  begin(id: string): void {
    if (this.#stopping) return
    if (this.#running.has(id)) throw new ArrayFailure('StorageIsSyncing', [id])
    const { context } = this.#options
    const ending = new AbortController()
    const log = context.log.child({ array: id })
    const within = { ...context, log, signal: AbortSignal.any([context.signal, ending.signal]) }
    const done = this.#sync(id, within)
      .catch((thrown) => log.error('an array could not be synchronised', { error: toError(thrown) }))
      .finally(() => this.#running.delete(id))
    this.#running.set(id, { done, end: () => ending.abort() })
  }

  /** Resolves when nothing is under way of that array. */
  async end(id: string): Promise<void> {
    const running = this.#running.get(id)
    running?.end()
    await running?.done
  }

  /** For tests, and whoever wants to know the end of it. */
  async settled(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ done }) => done))
  }

  async stop(): Promise<void> {
    this.#stopping = true
    await Promise.all([...this.#running.keys()].map((id) => this.end(id)))
  }

  async #sync(id: string, context: Context): Promise<void> {
    const { store } = this.#options
    await store.put(syncKind, { id, storageId: id, key: id, data: {} })
    await this.#turns.run(async () => {
      if (!context.signal.aborted) await this.#ask(id, context)
    })
    // A stop cuts it off, which is no end.
    if (!context.signal.aborted) await store.remove(syncKind, id)
  }

  async #ask(id: string, context: Context): Promise<void> {
    const secrets = await this.#options.secrets(id)
    const asking = { context, withinMs, secrets }
    try {
      const device = await ask(() => this.#options.device(id), asking)
      if (!device) return
      await this.#keepArray(id, told(deviceSchema, await ask((within) => device.describe(within), asking), 'describe'))
      for (const kind of resourceKinds)
        await ask((within) => this.#keep(id, kind, device, within), asking).catch((error) => {
          if (!context.signal.aborted) context.log.warn('a part of an array could not be synchronised', { part: kind, error })
        })
    } catch (error) {
      if (context.signal.aborted) return
      context.log.warn('an array could not be synchronised', { error: toError(error) })
      await this.#keepArray(id, { status: 'offline' })
    }
  }

  async #keep(id: string, kind: ResourceKind, device: ArrayDevice, context: Context): Promise<void> {
    const native = nativeIdOf(kind)
    const found: readonly unknown[] = (await device.resources[kind]?.(context)) ?? []
    const entries = found.map((resource, index) => {
      const data: Readonly<Record<string, unknown>> = told(resourceSchemas[kind], resource, `${kind}[${index}]`)
      return { id: '', storageId: id, key: JSON.stringify([id, data[native]]), data }
    })
    if (!context.signal.aborted) await this.#options.store.replace(kind, id, entries)
  }

  async #keepArray(id: string, told: object): Promise<void> {
    const { store } = this.#options
    const entry = await store.get(arrayKind, id)
    if (!entry) return
    const { given_name } = entry.data
    const data = { ...entry.data, ...told, ...(typeof given_name === 'string' && { name: given_name }) }
    await store.replace(arrayKind, id, [{ id, storageId: id, key: id, data }])
  }
}
