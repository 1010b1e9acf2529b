import { Account, type AccountFigures } from './account.ts'
import { PipelineAccount, type PipelineFigures } from './pipeline-account.ts'

export interface LedgerFigures {
  readonly exporters: readonly AccountFigures[]
  readonly pipelines: readonly PipelineFigures[]
  readonly balanced: boolean
}

/** All accounts of a process, by name. */
export class Ledger {
  readonly #strict: boolean
  readonly #accounts = new Map<string, Account>()
  readonly #pipelines = new Map<string, PipelineAccount>()

  /** `strict`: accounts throw the moment they do not balance; for tests. */
  constructor({ strict = false } = {}) {
    this.#strict = strict
  }

  /** The account of that destination, opened on first use. */
  account(name: string): Account {
    return open(this.#accounts, name, () => new Account(name, { strict: this.#strict }))
  }

  /** The account of that pipeline, opened on first use. */
  pipeline(name: string): PipelineAccount {
    return open(this.#pipelines, name, () => new PipelineAccount(name, { strict: this.#strict }))
  }

  figures(): LedgerFigures {
    const exporters = [...this.#accounts.values()].map((account) => account.figures())
    const pipelines = [...this.#pipelines.values()].map((account) => account.figures())
    return { exporters, pipelines, balanced: [...exporters, ...pipelines].every((figures) => figures.balanced) }
  }
}

function open<T>(table: Map<string, T>, name: string, make: () => T): T {
  const known = table.get(name)
  if (known) return known
  const made = make()
  table.set(name, made)
  return made
}
