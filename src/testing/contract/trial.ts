import assert from 'node:assert/strict'
import { type Context, createContext } from '../../core/context.ts'
import { type ExportResult, fromThrown } from '../../core/result.ts'
import type { ExporterSetup } from '../exporter-contract.ts'

/** One case of the contract. */
export interface Case {
  readonly name: string
  /** Rejects when the exporter does not keep to it. */
  check<Time, T>(trial: Trial<Time, T>): Promise<void>
}

/** How a call is made. */
export interface CallOptions {
  readonly signal?: AbortSignal
  /** Within how much real time it has to settle. Default: ten seconds. */
  readonly limitMs?: number
}

/** A setup under examination. Every call to its exporter is bounded in time, so that one which hangs is a failure with a name. */
export class Trial<Time, T> {
  readonly setup: ExporterSetup<Time, T>

  constructor(setup: ExporterSetup<Time, T>) {
    this.setup = setup
  }

  start(options?: CallOptions): Promise<void> {
    return within('start', options, async (context) => this.setup.exporter.start?.(context))
  }

  flush(options?: CallOptions): Promise<void> {
    return within('flush', options, async (context) => this.setup.exporter.flush?.(context))
  }

  stop(options?: CallOptions): Promise<void> {
    return within('stop', options, async (context) => this.setup.exporter.stop?.(context))
  }

  /** What it throws is a `retry`, as for every caller. */
  export(data: T, options?: CallOptions): Promise<ExportResult> {
    const { exporter, time } = this.setup
    return within('export', options, (context) => exporter.export(time, data, context).catch(fromThrown))
  }

  /** Exports and fails unless the answer is `ok`. */
  async exportOk(data: T): Promise<void> {
    const result = await this.export(data)
    assert.equal(result.status, 'ok', `export answered ${describe(result)} where nothing was wrong`)
  }

  /** Fails unless the records of `all`, and no others, have arrived once each. */
  async arrivedOnce(all: readonly T[]): Promise<void> {
    const expected = all.flatMap((data) => this.setup.identify(data))
    assert.equal(new Set(expected).size, expected.length, 'the setup made two records of one identity')
    await this.flush()
    const received = await this.setup.received()
    const times = Map.groupBy(received, (identity) => identity)
    for (const identity of expected)
      assert.equal(times.get(identity)?.length ?? 0, 1, `record ${identity} arrived ${times.get(identity)?.length ?? 0} times`)
    assert.equal(received.length, expected.length, 'records arrived that were never exported')
  }

  /** Fails if `result` claims that a record was delivered which did not arrive. */
  async claimsHold(data: T, result: ExportResult): Promise<void> {
    const claimed = claimedDelivered(this.setup.identify(data), result)
    if (claimed.length === 0) return
    await this.flush()
    const received = new Set(await this.setup.received())
    const missing = claimed.filter((identity) => !received.has(identity))
    assert.deepEqual(missing, [], `export answered ${describe(result)}, and these records never arrived`)
  }
}

/** A result for a message. */
export const describe = (result: ExportResult): string =>
  'error' in result ? `${result.status} (${result.error?.message})` : String(result?.status)

async function within<V>(call: string, { signal, limitMs = 10_000 }: CallOptions = {}, work: (context: Context) => Promise<V>): Promise<V> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`${call} had not settled after ${limitMs} ms`)), limitMs)
  try {
    return await Promise.race([work(createContext(signal && { signal })), late])
  } finally {
    clearTimeout(timer)
  }
}

/** Which records the result says have arrived. None where it only tells how many did not. */
function claimedDelivered(identities: readonly string[], result: ExportResult): readonly string[] {
  if (result.status === 'ok') return identities
  if (result.status !== 'partial') return []
  const named = new Set(result.retry)
  for (const rejection of result.rejected) {
    if ('count' in rejection) return []
    named.add(rejection.index)
  }
  return identities.filter((_, index) => !named.has(index))
}
