import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type KeptLedger, Ledger } from './ledger.ts'
import { flowSinceStart, sinceStart } from './since-start.ts'

/** What a process leaves to the next one. */
const asRead = (ledger: Ledger): KeptLedger => JSON.parse(JSON.stringify(ledger.kept()))

test('the books go on in the next process, which can tell what is its own', () => {
  const first = new Ledger({ strict: true })
  first.account('web').post({ accepted: 5, delivered: 3, dropped: new Map([['sampled', 2]]), refused: 1 })
  first.pipeline('all').post({ received: 9, handedOn: 5, filtered: new Map([['few', 4]]) })
  first.pipeline('all').miss()
  const second = new Ledger({ strict: true })
  second.restore(asRead(first))
  second.account('web').post({ accepted: 1, diverted: new Map([['file', 1]]) })
  second.pipeline('all').post({ received: 2, filtered: new Map([['few', 2]]) })
  const { exporters, pipelines, balanced } = second.figures()
  assert.ok(balanced)
  const [web, all] = [exporters[0]!, pipelines[0]!]
  assert.deepEqual([web.accepted, web.delivered, web.diverted, web.dropped, web.refused], [6, 3, { file: 1 }, { sampled: 2 }, 1])
  assert.deepEqual([all.received, all.handedOn, all.filtered, all.missed], [11, 5, { few: 6 }, 1])
  const own = sinceStart(web)
  assert.deepEqual([own.accepted, own.delivered, own.diverted, own.dropped, own.refused], [1, 0, { file: 1 }, { sampled: 0 }, 0])
  const flow = flowSinceStart(all)
  assert.deepEqual([flow.received, flow.handedOn, flow.filtered, flow.missed], [2, 0, { few: 2 }, 0])
})

test('what waited in memory when the process was killed is booked as that', () => {
  const first = new Ledger({ strict: true })
  let pending = 0
  first.account('web').hold({ pending: () => pending })
  pending = 4
  first.account('web').post({ accepted: 4 })
  const second = new Ledger({ strict: true })
  second.restore(asRead(first))
  assert.deepEqual(second.account('web').figures().dropped, { killed: 4 })
  assert.equal(sinceStart(second.account('web').figures()).fromBefore, 0)
})

test('an account whose holder keeps its books is kept by that alone', () => {
  const first = new Ledger({ strict: true })
  const booked = { accepted: 7, delivered: 4, diverted: {}, deadLettered: 0, dropped: {} }
  first.account('disk').hold({ place: '/buffers/disk', pending: () => 3 })
  first.account('disk').restore(booked, '/buffers/disk')
  first.account('disk').restore(booked, '/buffers/disk')
  assert.deepEqual([first.account('disk').figures().accepted, asRead(first).exporters], [7, {}])
  assert.equal(sinceStart(first.account('disk').figures()).fromBefore, 3)
})

test('an exporter that was in memory and is on disk now has the books of both', () => {
  const first = new Ledger({ strict: true })
  first.account('web').post({ accepted: 2, delivered: 1, diverted: new Map([['file', 1]]) })
  const second = new Ledger({ strict: true })
  second.restore(asRead(first))
  const account = second.account('web')
  account.hold({ place: '/buffers/web', pending: () => 3 })
  account.restore({ accepted: 7, delivered: 2, diverted: { file: 2 }, deadLettered: 0, dropped: {} }, '/buffers/web')
  const { accepted, delivered, diverted, balanced } = account.figures()
  assert.deepEqual([accepted, delivered, diverted, balanced], [9, 3, { file: 3 }, true])
})

test('names that nobody opens are kept for those who will', () => {
  const first = new Ledger()
  first.account('old').post({ accepted: 1, delivered: 1 })
  first.pipeline('old').post({ received: 1, unmatched: 1 })
  const second = new Ledger()
  second.restore(asRead(first))
  assert.deepEqual([asRead(second), second.figures().exporters], [asRead(first), []])
})

test('over any number of restarts, all time is the sum of what each process counted', () => {
  const run = fc.array(fc.record({ delivered: fc.nat(99), dropped: fc.nat(99), filtered: fc.nat(99) }))
  fc.assert(
    fc.property(fc.array(run), (runs) => {
      let kept: KeptLedger = { exporters: {}, pipelines: {} }
      let [delivered, filtered] = [0, 0]
      for (const postings of runs) {
        const ledger = new Ledger({ strict: true })
        ledger.restore(kept)
        let own = 0
        for (const posting of postings) {
          const { dropped } = posting
          ledger
            .account('web')
            .post({ accepted: posting.delivered + dropped, delivered: posting.delivered, dropped: new Map([['few', dropped]]) })
          ledger.pipeline('all').post({ received: posting.filtered, filtered: new Map([['few', posting.filtered]]) })
          own += posting.delivered
          filtered += posting.filtered
        }
        delivered += own
        const figures = ledger.account('web').figures()
        assert.deepEqual([figures.delivered, sinceStart(figures).delivered], [delivered, own])
        assert.equal(ledger.pipeline('all').figures().received, filtered)
        kept = asRead(ledger)
      }
    }),
  )
})
