import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { Ledger } from '../core/ledger.ts'
import { ok, partial, reject, retry } from '../core/result.ts'
import { AccountedExporter } from './accounted.ts'
import { type Answer, numbers, scripted } from './scripted.fixture.ts'

const error = new Error('no')

async function booksAfter(answer: Answer) {
  const account = new Ledger({ strict: true }).account('out')
  const exporter = new AccountedExporter(scripted(answer).exporter, { account, records: numbers })
  await exporter.export(new Date(0), [1, 2, 3, 4], createContext())
  const { accepted, delivered, diverted, deadLettered, dropped, refused, balanced } = account.figures()
  assert.ok(balanced)
  return { accepted, delivered, diverted, deadLettered, dropped, refused }
}

const nothing = { accepted: 0, delivered: 0, diverted: {}, deadLettered: 0, dropped: {}, refused: 0 }

test('ok is accepted and delivered', async () => {
  assert.deepEqual(await booksAfter(ok), { ...nothing, accepted: 4, delivered: 4 })
})

test('retry, and a rejection that nobody dead-lettered, are refused: the caller still has the records', async () => {
  assert.deepEqual(await booksAfter(retry(error)), { ...nothing, refused: 4 })
  assert.deepEqual(await booksAfter(reject(error)), { ...nothing, refused: 4 })
  assert.deepEqual(await booksAfter(partial([{ index: 0, error }], [1])), { ...nothing, accepted: 2, delivered: 2, refused: 2 })
  assert.deepEqual(await booksAfter(partial([{ count: 3, error }])), { ...nothing, accepted: 1, delivered: 1, refused: 3 })
})

test('what those below wrote on the receipt is booked as they wrote it', async () => {
  const diverted: Answer = (_data, { receipt }) => {
    receipt!.divert('other', 4)
    return ok
  }
  assert.deepEqual(await booksAfter(diverted), { ...nothing, accepted: 4, diverted: { other: 4 } })
  const deadLettered: Answer = (_data, { receipt }) => {
    receipt!.deadLettered += 1
    return partial([{ index: 2, error }], [3])
  }
  assert.deepEqual(await booksAfter(deadLettered), { ...nothing, accepted: 3, delivered: 2, deadLettered: 1, refused: 1 })
})

test('a throw is a retry', async () => {
  const thrown: Answer = () => {
    throw error
  }
  assert.deepEqual(await booksAfter(thrown), { ...nothing, refused: 4 })
})
