import { type Account, settle } from '../core/account.ts'
import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { Receipt } from '../core/receipt.ts'
import { type RecordType, single } from '../core/record-type.ts'
import type { ExportResult } from '../core/result.ts'
import { attempt } from './attempt.ts'
import { HoldingExporter } from './holding.ts'

/**
 * Keeps the account of a chain without a buffer: nothing is pending, so each call is booked when it has its answer.
 * What the chain gives back, as `retry` or as rejections that nobody dead-lettered, is refused: the caller still owns it.
 */
export class AccountedExporter<Time, T> extends HoldingExporter<Time, T> {
  readonly #account: Account
  readonly #records: RecordType<T>

  constructor(next: Exporter<Time, T>, options: { account: Account; records?: RecordType<T> }) {
    super(next)
    this.#account = options.account
    this.#records = options.records ?? (single as RecordType<T>)
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const count = this.#records.count(data)
    const receipt = new Receipt()
    const result = await attempt(this.next, time, data, { ...context, receipt })
    const { returned, ...posting } = settle(count, result, receipt)
    this.#account.post({ ...posting, accepted: count - returned, refused: returned })
    return result
  }
}
