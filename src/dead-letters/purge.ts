import type { Context } from '../core/context.ts'
import type { DeadLetterStore } from './dead-letter-store.ts'
import type { Letter } from './letter.ts'
import type { LetterFilter } from './letter-filter.ts'

const atOnce = 1000

/** Lets go of the letters that the filter means, for good; gives how many. Aborting leaves the rest. */
export async function purge(store: DeadLetterStore, filter: LetterFilter, context: Context): Promise<number> {
  let purged = 0
  let letters: Letter[] = []
  for await (const letter of store.list(filter)) {
    if (context.signal.aborted) break
    letters.push(letter)
    if (letters.length < atOnce) continue
    purged += await store.settle(letters, 'purged', context)
    letters = []
  }
  return letters.length > 0 ? purged + (await store.settle(letters, 'purged', context)) : purged
}

/** How many wait of those that the filter means. */
export async function countWaiting(store: DeadLetterStore, filter: LetterFilter): Promise<number> {
  let count = 0
  for await (const _ of store.list(filter)) count++
  return count
}
