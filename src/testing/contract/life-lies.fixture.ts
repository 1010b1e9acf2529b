import { createServer } from 'node:net'
import type { HealthStatus } from '../../core/component.ts'
import { ok } from '../../core/result.ts'
import { honest } from './honest.fixture.ts'
import { answering, type Lie } from './lie.fixture.ts'

/** Lies about start, flush, stop and health. */
export const lifeLies: readonly Lie[] = [
  {
    lie: 'cannot stop what it has not started',
    caughtBy: 'can be stopped without having been started',
    as: /not started/,
    make(destination) {
      let started = false
      return {
        ...honest(destination),
        async start() {
          started = true
        },
        async stop() {
          if (!started) throw new Error('not started')
        },
      }
    },
  },
  {
    lie: 'throws on a second stop',
    caughtBy: 'can be stopped twice',
    as: /stopped before/,
    make() {
      let stops = 0
      return {
        async stop() {
          if (stops++ > 0) throw new Error('stopped before')
        },
      }
    },
  },
  {
    lie: 'delivers once for each start',
    caughtBy: 'can be started twice',
    as: /record started-0 arrived 3 times/,
    make(destination) {
      let starts = 0
      return {
        async start() {
          starts++
        },
        async export(_time, data) {
          for (let n = 0; n < starts; n++) await destination.take(data)
          return ok
        },
      }
    },
  },
  {
    lie: 'cannot be flushed once it has stopped',
    caughtBy: 'can be flushed at any time',
    as: /nothing to flush/,
    make(destination) {
      const exporter = honest(destination)
      return {
        ...exporter,
        async flush() {
          if (exporter.health?.().state === 'stopped') throw new Error('nothing to flush')
        },
      }
    },
  },
  {
    lie: 'says ok before the start and forgets',
    caughtBy: 'says ok before the start only for what it delivers',
    as: /these records never arrived/,
    make: () => answering(ok),
  },
  {
    lie: 'says ok after the stop',
    caughtBy: 'says ok after the stop only for what it delivers',
    as: /these records never arrived/,
    make: () => answering(ok),
  },
  {
    lie: 'is unhealthy for no reason',
    caughtBy: 'knows its health in every phase',
    as: /no reason after an export to a broken destination/,
    make: (destination) => ({ health: () => (destination.state === 'down' ? { state: 'unhealthy', reason: '' } : { state: 'healthy' }) }),
  },
  {
    lie: 'has a health of its own',
    caughtBy: 'knows its health in every phase',
    as: /when it is made health\(\) tells \{"state":"fine"\}/,
    make: () => ({ health: () => ({ state: 'fine' }) as unknown as HealthStatus }),
  },
]

let timer: NodeJS.Timeout
const server = createServer()

/** Lies that something is over. Only one at a time can be looked at. */
export const leavingLies: readonly Lie[] = [
  {
    lie: 'leaves a timer',
    caughtBy: 'leaves no timer and no socket when it has stopped',
    as: /'Timeout'/,
    make: () => ({
      async start() {
        timer = setInterval(() => {}, 1000)
      },
    }),
    end: () => clearInterval(timer),
  },
  {
    lie: 'leaves a socket',
    caughtBy: 'leaves no timer and no socket when it has stopped',
    as: /'TCPServerWrap'/,
    make: () => ({ start: () => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve)) }),
    end: () => server.close(),
  },
]
