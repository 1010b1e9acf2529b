import { isDeepStrictEqual } from 'node:util'
import type { Delivery } from '../core/context.ts'

/** One try of a delivery, as a fan-out sees it. */
export interface Try<Time, T> {
  readonly time: Time
  readonly data: T
  /** How many records `data` is. */
  readonly count: number
  readonly delivery: Delivery | undefined
}

interface Entry<Time, S> {
  readonly time: Time
  readonly count: number
  readonly state: S
}

/**
 * Remembers from one try of a delivery to the next what each branch is still owed, so that a branch that took the data is
 * not given it twice. The next try is recognised by `context.delivery.id`; without one by being the same object at the same
 * time. Of deliveries with an id the last 1,000 are remembered. One that is forgotten, or comes with another number of
 * records, goes to every branch again: rather twice than never.
 */
export class Owed<Time, T, S> {
  readonly #byId = new Map<string, Entry<Time, S>>()
  readonly #byObject = new WeakMap<object, Entry<Time, S>>()
  readonly #limit: number

  constructor(limit = 1000) {
    this.#limit = limit
  }

  /** How many deliveries with an id are remembered. */
  get size(): number {
    return this.#byId.size
  }

  /** What was kept for this delivery, which is forgotten by that; undefined when it is a new one. */
  take({ time, data, count, delivery }: Try<Time, T>): S | undefined {
    const kept = delivery ? this.#byId.get(delivery.id) : isObject(data) ? this.#byObject.get(data) : undefined
    if (!kept) return undefined
    if (delivery) this.#byId.delete(delivery.id)
    else this.#byObject.delete(data as object)
    return kept.count === count && (delivery || isDeepStrictEqual(kept.time, time)) ? kept.state : undefined
  }

  /** Keeps `state` for the next try, which is expected with `count` records. */
  keep({ time, data, count, delivery }: Try<Time, T>, state: S): void {
    if (delivery) {
      if (this.#byId.size >= this.#limit) this.#byId.delete(this.#byId.keys().next().value!)
      this.#byId.set(delivery.id, { time, count, state })
    } else if (isObject(data)) this.#byObject.set(data, { time, count, state })
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
