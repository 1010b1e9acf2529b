import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Account, settle } from './account.ts'
import { Ledger } from './ledger.ts'
import { Receipt } from './receipt.ts'
import { ok, partial, reject, retry } from './result.ts'

const error = new Error('no')

test('pending is asked of the holders, so a record lost by one shows at once', () => {
  const account = new Account('out', { strict: true })
  let queued = 0
  account.hold({ pending: () => queued, oldestMs: () => 42 })
  queued += 5
  account.post({ accepted: 5 })
  queued -= 3
  account.post({ delivered: 2, dropped: new Map([['sampled', 1]]) })
  assert.deepEqual(account.figures(), {
    name: 'out',
    accepted: 5,
    delivered: 2,
    diverted: {},
    deadLettered: 0,
    dropped: { sampled: 1 },
    pending: 2,
    refused: 0,
    oldestPendingMs: 42,
    balanced: true,
  })
  queued -= 1
  assert.throws(() => account.post({}), { code: 'UNBALANCED_BOOKS' })
  assert.equal(account.missing(), 1)
  assert.equal(account.figures().balanced, false)
})

test('a posting that counts twice is told as well', () => {
  assert.throws(() => new Account('out', { strict: true }).post({ accepted: 1, delivered: 2 }), /-1 records are missing/)
})

test('a holder that has ended is no longer asked', () => {
  const account = new Account('out')
  const end = account.hold({ pending: () => 7 })
  assert.equal(account.pending(), 7)
  end()
  assert.equal(account.pending(), 0)
})

test('settling tells of each record exactly one fate, whatever the result and the receipt', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('delivered', 'retry', 'rejected', 'dead-lettered', 'diverted', 'dropped')), (fates) => {
      const receipt = new Receipt()
      const rejections = []
      const again: number[] = []
      const deadLetter = fates.includes('dead-lettered')
      for (const [index, fate] of fates.entries()) {
        if (fate === 'diverted') receipt.divert('other', 1)
        if (fate === 'dropped') receipt.drop('sampled', 1)
        if (fate === 'retry') again.push(index)
        if (fate === 'rejected' || fate === 'dead-lettered') {
          rejections.push({ index, error })
          if (deadLetter) receipt.deadLettered++
        }
      }
      const posting = settle(fates.length, partial(rejections, again), receipt)
      const count = (...of: string[]) => fates.filter((fate) => of.includes(fate)).length
      assert.equal(posting.delivered, count('delivered'))
      assert.equal(posting.returned, again.length + (deadLetter ? 0 : rejections.length))
      const sum = (map: ReadonlyMap<string, number> | undefined) => [...(map?.values() ?? [])].reduce((a, b) => a + b, 0)
      assert.equal(
        posting.delivered! + posting.returned + posting.deadLettered! + sum(posting.diverted) + sum(posting.dropped),
        fates.length,
      )
    }),
  )
  assert.equal(settle(3, ok, new Receipt()).delivered, 3)
  assert.equal(settle(3, retry(error), new Receipt()).returned, 3)
  assert.equal(settle(3, reject(error), new Receipt()).returned, 3)
})

test('a ledger opens each account once and balances when all do', () => {
  const ledger = new Ledger()
  assert.equal(ledger.account('a'), ledger.account('a'))
  ledger.pipeline('p').post({ received: 3, handedOn: 1, filtered: new Map([['drop', 2]]) })
  assert.equal(ledger.figures().balanced, true)
  ledger.pipeline('p').post({ received: 1 })
  assert.equal(ledger.figures().balanced, false)
  assert.throws(() => new Ledger({ strict: true }).pipeline('p').post({ received: 1 }), { code: 'UNBALANCED_BOOKS' })
})
