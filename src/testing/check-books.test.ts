import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LedgerFigures } from '../core/ledger.ts'
import { checkBooks } from './check-books.ts'

const books: LedgerFigures = {
  exporters: [
    {
      name: 'out',
      accepted: 21,
      delivered: 6,
      diverted: { other: 5 },
      deadLettered: 4,
      dropped: { oldest: 3, sampled: 1 },
      pending: 2,
      refused: 9,
      balanced: true,
    },
  ],
  pipelines: [{ name: 'all', received: 10, handedOn: 4, filtered: { tag: 3 }, unmatched: 2, refused: 1, missed: 7, balanced: true }],
  balanced: true,
}

test('books that balance pass', () => {
  checkBooks(books)
})

test('each figure counts, whatever the books say of themselves', () => {
  const [account, pipeline] = [books.exporters[0]!, books.pipelines[0]!]
  const off = { accepted: 22, delivered: 5, diverted: { other: 6 }, deadLettered: 5, dropped: { oldest: 2, sampled: 1 }, pending: 1 }
  for (const [field, figure] of Object.entries(off))
    assert.throws(() => checkBooks({ ...books, exporters: [{ ...account, [field]: figure }] }), /-?1 records are missing in .*"out"/, field)
  for (const [field, figure] of Object.entries({ received: 11, handedOn: 3, filtered: {}, unmatched: 0, refused: 0 }))
    assert.throws(() => checkBooks({ ...books, pipelines: [{ ...pipeline, [field]: figure }] }), /records are missing in .*"all"/, field)
  assert.throws(() => checkBooks({ ...books, balanced: false }), /says that they do not/)
})
