import { ok, partial, reject } from '../../core/result.ts'
import { answering, type Lie } from './lie.fixture.ts'

const error = new Error('refused')

/** Lies about what became of records. */
export const deliveryLies: readonly Lie[] = [
  {
    lie: 'says ok without delivering',
    caughtBy: 'delivers each record once',
    as: /record first-0 arrived 0 times/,
    make: () => answering(ok),
  },
  {
    lie: 'delivers twice',
    caughtBy: 'delivers each record once',
    as: /record first-0 arrived 2 times/,
    make: (destination) => ({
      async export(_time, data) {
        await destination.take(data)
        await destination.take(data)
        return ok
      },
    }),
  },
  {
    lie: 'delivers more than it was given',
    caughtBy: 'delivers each record once',
    as: /never exported/,
    make: (destination) => ({
      async export(_time, data) {
        await destination.take([...data, 'invented'])
        return ok
      },
    }),
  },
  {
    lie: 'loses what comes while it is busy',
    caughtBy: 'delivers everything of concurrent exports',
    as: /record concurrent1-0 arrived 0 times/,
    make(destination) {
      let busy = false
      return {
        async export(_time, data) {
          if (busy) return ok
          busy = true
          await destination.take(data)
          busy = false
          return ok
        },
      }
    },
  },
  {
    lie: 'rejects an empty batch',
    caughtBy: 'is not disturbed by an empty batch',
    as: /answered reject \(nothing in it\)/,
    make: (destination) => ({
      async export(_time, data) {
        if (data.length === 0) return reject(new Error('nothing in it'))
        await destination.take(data)
        return ok
      },
    }),
  },
  {
    lie: 'changes its data',
    caughtBy: 'does not change what it is given',
    as: /changed its time or its data/,
    make: () => ({
      async export(_time, data) {
        ;(data as string[]).pop()
        return ok
      },
    }),
  },
  {
    lie: 'changes its time',
    caughtBy: 'does not change what it is given',
    as: /changed its time or its data/,
    make: () => ({
      async export(time) {
        time.setUTCMinutes(59)
        return ok
      },
    }),
  },
  {
    lie: 'says ok when the destination is down',
    caughtBy: 'never says ok when the destination has broken',
    as: /answered ok/,
    make: (destination) => ({
      async export(_time, data) {
        await destination.take(data).catch(() => {})
        return ok
      },
    }),
  },
  {
    lie: 'says ok as long as it has never been connected',
    caughtBy: 'never says ok when the destination was broken from the start',
    as: /answered ok/,
    make(destination) {
      let connected = false
      return {
        async export(_time, data) {
          if (!connected && destination.state === 'down') return ok
          connected = true
          await destination.take(data)
          return ok
        },
      }
    },
  },
  {
    lie: 'says ok of records that were refused',
    caughtBy: 'tells the truth about which records were refused',
    as: /answered ok, and these records never arrived/,
    make: (destination) => ({
      async export(_time, data) {
        await destination.take(data)
        return ok
      },
    }),
  },
  {
    lie: 'names the wrong records as rejected',
    caughtBy: 'tells the truth about which records were refused',
    as: /these records never arrived/,
    make: (destination) => ({
      async export(_time, data) {
        const refused = await destination.take(data)
        return refused.length === 0 ? ok : partial(refused.map((index) => ({ index: index + 1, error })))
      },
    }),
  },
  {
    lie: 'names records as rejected that arrived',
    caughtBy: 'tells the truth about which records were refused',
    as: /were named as rejected and arrived/,
    make: (destination) => ({
      async export(_time, data) {
        const refused = await destination.take(data)
        return refused.length === 0 ? ok : partial(data.map((_, index) => ({ index, error })))
      },
    }),
  },
]
