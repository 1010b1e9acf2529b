import { ok, reject } from '../../core/result.ts'
import type { Lie } from './lie.fixture.ts'

/** Lies to a caller that no longer waits. */
export const abortLies: readonly Lie[] = [
  {
    lie: 'listens for an abort and does not ask whether there was one',
    caughtBy: 'settles within a second when the signal has aborted before',
    as: /export had not settled after 1000 ms/,
    make: (destination) => ({
      export: (_time, data, { signal }) =>
        new Promise((answer, fail) => {
          signal.addEventListener('abort', () => fail(new Error('aborted')))
          destination.take(data).then(() => answer(ok), fail)
        }),
    }),
  },
  {
    lie: 'rejects what was aborted',
    caughtBy: 'settles within a second when the signal has aborted before',
    as: /answered reject/,
    make: () => ({ export: async (_time, _data, { signal }) => (signal.aborted ? reject(new Error('aborted')) : ok) }),
  },
  {
    lie: 'asks for an abort only at first',
    caughtBy: 'settles within a second when the signal aborts while it is under way',
    as: /export had not settled after 1050 ms/,
    make: (destination) => ({
      async export(_time, data, { signal }) {
        signal.throwIfAborted()
        await destination.take(data)
        return ok
      },
    }),
  },
  {
    lie: 'says ok because it was aborted',
    caughtBy: 'settles within a second when the signal aborts while it is under way',
    as: /answered ok, and these records never arrived/,
    make: (destination) => ({
      async export(_time, data, { signal }) {
        await destination.take(data, signal).catch(() => {})
        return ok
      },
    }),
  },
  {
    lie: 'waits for its destination past the deadline of a stop',
    caughtBy: 'settles within a second when a stop has come to its deadline',
    as: /stop had not settled after 1000 ms/,
    make: (destination) => ({
      async stop() {
        await destination.take(['goodbye'])
      },
    }),
  },
]
