import assert from 'node:assert/strict'
import type { LedgerFigures } from '../../src/core/ledger.ts'
import type { Oracle } from './oracle.ts'

/**
 * Checks that everything acknowledged is at each destination or in its dead letters, and that the books say the same. Throws an
 * AssertionError where it is not so.
 */
export function checkFates(oracle: Oracle, { exporters }: LedgerFigures, print: (line: string) => void): void {
  for (const account of exporters) {
    const { lost, strange, fates, copies, unasked, letters } = oracle.verdict(account.name)
    const { accepted, delivered, deadLettered, dropped } = account
    print(
      `${account.name}: ${lost.length} lost, ${copies} arrived again, ${letters} in the dead letters, ${delivered} delivered by the books`,
    )
    assert.deepEqual(lost.slice(0, 20), [], `${account.name}: acknowledged and nowhere, the first of ${lost.length}`)
    assert.deepEqual(strange.slice(0, 20), [], `${account.name}: never sent`)
    assert.equal(unasked, 0, `${account.name}: refused and delivered`)
    assert.deepEqual(dropped, {}, `${account.name}: dropped`)
    assert.equal(delivered + deadLettered, accepted, `${account.name}: the books`)
    assert.equal(fates, accepted, `${account.name}: what is anywhere and what was accepted`)
  }
}
