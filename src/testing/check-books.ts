import assert from 'node:assert/strict'
import type { LedgerFigures } from '../core/ledger.ts'

/** Works the books out anew. Throws an Error with the figures of the first account or pipeline that does not balance. */
export function checkBooks({ exporters, pipelines, balanced }: LedgerFigures): void {
  for (const account of exporters) {
    const { accepted, delivered, diverted, deadLettered, dropped, pending } = account
    const missing = accepted - delivered - sum(diverted) - deadLettered - sum(dropped) - pending
    assert.equal(missing, 0, `${missing} records are missing in ${JSON.stringify(account)}`)
  }
  for (const pipeline of pipelines) {
    const { received, handedOn, filtered, unmatched, refused } = pipeline
    const missing = received - handedOn - sum(filtered) - unmatched - refused
    assert.equal(missing, 0, `${missing} records are missing in ${JSON.stringify(pipeline)}`)
  }
  assert.ok(balanced, 'the figures balance, and the ledger says that they do not')
}

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((total, count) => total + count, 0)
