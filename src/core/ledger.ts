import { Account, type AccountFigures, type Booked, unsettled } from './account.ts'
import { type BookedFlow, PipelineAccount, type PipelineFigures } from './pipeline-account.ts'

export interface LedgerFigures {
  readonly exporters: readonly AccountFigures[]
  readonly pipelines: readonly PipelineFigures[]
  readonly balanced: boolean
}

/** What a ledger tells the next process, by the names of accounts. */
export interface KeptLedger {
  readonly exporters: Readonly<Record<string, Booked>>
  readonly pipelines: Readonly<Record<string, BookedFlow>>
}

/** The reason of what waited in memory when the process before was killed. */
const killed = 'killed'

/** All accounts of a process, by name. */
export class Ledger {
  readonly #strict: boolean
  readonly #accounts = new Map<string, Account>()
  readonly #pipelines = new Map<string, PipelineAccount>()
  /** Of names that may be opened yet. */
  readonly #earlier = { exporters: new Map<string, Booked>(), pipelines: new Map<string, BookedFlow>() }

  /** `strict`: accounts throw the moment they do not balance; for tests. */
  constructor({ strict = false } = {}) {
    this.#strict = strict
  }

  /** The account of that destination, opened on first use. */
  account(name: string): Account {
    return open(this.#accounts, name, () => {
      const account = new Account(name, { strict: this.#strict })
      const earlier = this.#earlier.exporters.get(name)
      if (earlier) account.restore(earlier, 'ledger')
      return account
    })
  }

  /** The account of that pipeline, opened on first use. */
  pipeline(name: string): PipelineAccount {
    return open(this.#pipelines, name, () => {
      const account = new PipelineAccount(name, { strict: this.#strict })
      const earlier = this.#earlier.pipelines.get(name)
      if (earlier) account.restore(earlier)
      return account
    })
  }

  /**
   * Adds what an earlier process had booked, before any account is opened. What still waited then was in memory and is gone, if the
   * process was killed: it is booked as dropped, with the reason `killed`.
   */
  restore({ exporters, pipelines }: KeptLedger): void {
    for (const [name, booked] of Object.entries(exporters)) {
      const gone = unsettled(booked)
      const dropped = gone > 0 ? { ...booked.dropped, [killed]: (booked.dropped[killed] ?? 0) + gone } : booked.dropped
      this.#earlier.exporters.set(name, { ...booked, dropped })
    }
    for (const [name, booked] of Object.entries(pipelines)) this.#earlier.pipelines.set(name, booked)
  }

  /** What the next process is told: all but the books of accounts that are kept by those who hold their records. */
  kept(): KeptLedger {
    const exporters = new Map(this.#earlier.exporters)
    for (const [name, account] of this.#accounts)
      if (account.persistent) exporters.delete(name)
      else exporters.set(name, bookedOf(account.figures()))
    const pipelines = new Map(this.#earlier.pipelines)
    for (const [name, account] of this.#pipelines) pipelines.set(name, flowOf(account.figures()))
    return { exporters: Object.fromEntries(exporters), pipelines: Object.fromEntries(pipelines) }
  }

  figures(): LedgerFigures {
    const exporters = [...this.#accounts.values()].map((account) => account.figures())
    const pipelines = [...this.#pipelines.values()].map((account) => account.figures())
    return { exporters, pipelines, balanced: [...exporters, ...pipelines].every((figures) => figures.balanced) }
  }
}

const bookedOf = ({ accepted, delivered, diverted, deadLettered, dropped, refused }: AccountFigures): Booked => ({
  accepted,
  delivered,
  diverted,
  deadLettered,
  dropped,
  refused,
})

const flowOf = ({ received, handedOn, filtered, unmatched, refused, missed }: PipelineFigures): BookedFlow => ({
  received,
  handedOn,
  filtered,
  unmatched,
  refused,
  missed,
})

function open<T>(table: Map<string, T>, name: string, make: () => T): T {
  const known = table.get(name)
  if (known) return known
  const made = make()
  table.set(name, made)
  return made
}
