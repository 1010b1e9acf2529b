import type { TestContext } from 'node:test'
import { metrics } from '../core/batch.ts'
import { type Context, createContext, type DeadLetter } from '../core/context.ts'
import { series } from '../core/series.ts'
import { temporaryFolder } from '../files/temporary-folder.fixture.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { DeadLetterStore, type DeadLetterStoreOptions } from './dead-letter-store.ts'
import { type Letter, letterJson } from './letter.ts'
import type { LetterFilter } from './letter-filter.ts'

export const startMs = Date.UTC(2026, 10, 21)

/** So many points, with values from `from` on. */
export const points = (count: number, from = 0) =>
  metrics(Array.from({ length: count }, (_, index) => ({ series: series('x'), timeMs: startMs, value: from + index })))

export const because = (changes: Partial<DeadLetter> = {}): DeadLetter => ({
  exporter: 'web',
  reason: 'rejected',
  error: new Error('status 400'),
  attempts: 2,
  firstAcceptedMs: startMs,
  ...changes,
})

/** A store in a folder of its own, that can be opened by one process after another. */
export function storeFor(t: TestContext, options: Partial<DeadLetterStoreOptions> = {}) {
  const directory = options.directory ?? temporaryFolder(t)
  const clock = new ManualClock(startMs)
  const context: Context = createContext({ clock })
  const open = async (changes: Partial<DeadLetterStoreOptions> = {}) => {
    const store = new DeadLetterStore({ directory, ...options, ...changes })
    t.after(() => store.stop(context))
    await store.start(context)
    return store
  }
  const put = (store: DeadLetterStore, count: number, from = 0, letter = because()) =>
    store.export(new Date(startMs), points(count, from), { ...context, deadLetter: letter })
  return { directory, clock, context, open, put }
}

export const lettersIn = (store: DeadLetterStore, filter?: LetterFilter): Promise<readonly Letter[]> => Array.fromAsync(store.list(filter))

export const valuesIn = async (store: DeadLetterStore, filter?: LetterFilter): Promise<readonly number[]> =>
  (await lettersIn(store, filter)).map((letter) => (letterJson(letter) as { record: { value: number } }).record.value)
