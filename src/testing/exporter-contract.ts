import type { Exporter } from '../core/exporter.ts'
import { abortCases } from './contract/abort-cases.ts'
import { deliveryCases } from './contract/delivery-cases.ts'
import { lifeCases } from './contract/life-cases.ts'
import { resultCases } from './contract/result-cases.ts'
import { Trial } from './contract/trial.ts'

/** A fresh exporter with a destination that can be looked into. The exporter is not started. */
export interface ExporterSetup<Time, T> {
  readonly exporter: Exporter<Time, T>
  /** The time to export at. */
  readonly time: Time
  /** About `count` records, of which no two are the same, nor any the same as under another tag. */
  batch(count: number, tag: string): T
  /** One identity for each record of `data`. */
  identify(data: T): readonly string[]
  /** The identities of what has arrived at the destination, a record that arrived twice named twice. */
  received(): Promise<readonly string[]>
  /** From now on the destination takes nothing: it is down, full or refuses the connection. */
  breakDestination?(): Promise<void>
  /** From now on the destination never answers. */
  stallDestination?(): Promise<void>
  /** From now on the destination takes some records of a batch and refuses others. */
  refuseSome?(): Promise<void>
  /** Ends what the destination uses. A server in this process answers `Connection: close`, or its end of a pooled connection counts as left open. */
  close?(): Promise<void>
}

/** One thing that an exporter must do, for any test runner: `run` rejects with an Error that says what it did instead. */
export interface ContractCase {
  readonly name: string
  run(): Promise<void>
}

/**
 * What every exporter must keep to, whatever its `T` and its time unit: `for (const c of exporterContract(create)) test(c.name, c.run)`.
 * Each case has a setup of its own. A case that needs something of the destination that the setup does not offer passes.
 */
export function exporterContract<Time, T>(create: () => Promise<ExporterSetup<Time, T>>): readonly ContractCase[] {
  return [...deliveryCases, ...resultCases, ...abortCases, ...lifeCases].map(({ name, check }) => ({
    name,
    async run() {
      const setup = await create()
      const trial = new Trial(setup)
      try {
        await check(trial)
      } finally {
        // How an exporter stops has cases of its own; here it only has to be out of the way.
        await trial.stop({ signal: AbortSignal.timeout(500), limitMs: 1000 }).catch(() => {})
        await setup.close?.()
      }
    },
  }))
}
