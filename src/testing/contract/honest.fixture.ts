import type { EventExporter } from '../../core/exporter.ts'
import { ok, partial, type Rejection, retry } from '../../core/result.ts'
import type { ExporterSetup } from '../exporter-contract.ts'

export type Records = readonly string[]

/** A destination in memory that can fail in every way the contract knows of. */
export class Destination {
  readonly records: string[] = []
  state: 'up' | 'down' | 'stalled' | 'choosy' = 'up'

  /** Keeps the records and gives the indexes of those it refuses. Rejects when it is down, or the signal aborts before it has answered. */
  async take(records: Records, signal?: AbortSignal): Promise<readonly number[]> {
    signal?.throwIfAborted()
    await new Promise<void>((answer, fail) => {
      signal?.addEventListener('abort', () => fail(signal.reason))
      if (this.state === 'down') fail(new Error('the destination is down'))
      else if (this.state !== 'stalled') setImmediate(answer)
    })
    const refused = this.state === 'choosy' ? records.flatMap((_, index) => (index % 2 === 0 ? [index] : [])) : []
    this.records.push(...records.filter((_, index) => !refused.includes(index)))
    return refused
  }
}

/** An exporter that keeps to the contract, as an object whose parts can be replaced. */
export function honest(destination: Destination): EventExporter<Records> {
  let stopped = false
  return {
    name: 'honest',
    async export(_time, data, { signal }) {
      if (stopped) return retry(new Error('stopped'))
      const rejected = (await destination.take(data, signal)).map((index): Rejection => ({ index, error: new Error('refused') }))
      return rejected.length > 0 ? partial(rejected) : ok
    },
    async stop() {
      stopped = true
    },
    health: () => ({ state: stopped ? 'stopped' : 'healthy' }),
  }
}

/** A setup around `make`'s exporter. */
export async function setUp(make: (destination: Destination) => EventExporter<Records>): Promise<ExporterSetup<Date, Records>> {
  const destination = new Destination()
  const become = (state: Destination['state']) => async () => {
    destination.state = state
  }
  return {
    exporter: make(destination),
    time: new Date(0),
    batch: (count, tag) => Array.from({ length: count }, (_, n) => `${tag}-${n}`),
    identify: (data) => data,
    received: async () => destination.records,
    breakDestination: become('down'),
    stallDestination: become('stalled'),
    refuseSome: become('choosy'),
  }
}
