import type { CollectionPlan } from '../collection/array-source.ts'
import type { ArrayStore, Entry } from '../store/array-store.ts'

/** What was asked for to be collected of an array, in the words of the REST API. */
export interface Polling {
  readonly perf_collection: boolean
  /** Seconds. */
  readonly interval: number
  readonly is_historic: boolean
}

const pollingKind = 'pollings'

/** What is collected of each array: what was asked for, or what is usual. */
export class Pollings {
  readonly #store: ArrayStore
  readonly #intervalMs: number

  constructor(store: ArrayStore, intervalMs: number) {
    this.#store = store
    this.#intervalMs = intervalMs
  }

  async put(id: string, polling: Polling): Promise<CollectionPlan | undefined> {
    await this.#store.put(pollingKind, { id, storageId: id, key: id, data: { ...polling } })
    return planOf(polling)
  }

  async of(id: string): Promise<CollectionPlan | undefined> {
    const entry = await this.#store.get(pollingKind, id)
    return entry ? planOf(entry.data as unknown as Polling) : this.#usual
  }

  async all(arrays: readonly Entry[]): Promise<readonly (CollectionPlan & { readonly id: string })[]> {
    const asked = new Map((await this.#store.list(pollingKind)).map(({ id, data }) => [id, planOf(data as unknown as Polling)]))
    return arrays.flatMap(({ id }) => {
      const plan = asked.has(id) ? asked.get(id) : this.#usual
      return plan ? [{ id, ...plan }] : []
    })
  }

  get #usual(): CollectionPlan {
    return { intervalMs: this.#intervalMs, historic: false }
  }
}

const planOf = ({ perf_collection, interval, is_historic }: Polling): CollectionPlan | undefined =>
  perf_collection ? { intervalMs: interval * 1000, historic: is_historic } : undefined
