import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Span } from '../../sdk.ts'
import { config } from './config.ts'
import { span, traces } from './records.fixture.ts'
import { SpanSelection } from './span-selection.ts'

type Options = Parameters<typeof config.parse>[0]

const selection = (options: Options) => new SpanSelection(config.parse(options))
const keeps = (options: Options, given: Span) => selection(options).of(traces(given)).indexes.length === 1
const traceId = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 })

test('003-17 the share of traces that is kept is the rate', () => {
  const spans = Array.from({ length: 10_000 }, (_, n) => span((BigInt(n) * 7_205_759_403_792n).toString(16)))
  for (const rate of [0.1, 0.5, 0.999]) {
    const { length } = selection({ traceSampleRate: rate }).of(traces(...spans)).indexes
    assert.ok(Math.abs(length / spans.length - rate) < 0.001, `${length} of 10,000 at a rate of ${rate}`)
  }
})

test('003-17 what is kept at a rate is kept at every higher one, and always so', () => {
  fc.assert(
    fc.property(traceId, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (traceId, a, b) => {
      const given = { ...span('0'), traceId }
      const [low, high] = [Math.min(a, b), Math.max(a, b)].map((rate) => keeps({ traceSampleRate: rate }, given))
      assert.ok(!low || high)
      assert.equal(
        keeps({ traceSampleRate: a }, { ...given, spanId: '1'.repeat(16), parentSpanId: '2'.repeat(16) }),
        keeps({ traceSampleRate: a }, given),
      )
    }),
  )
})

test('all or none', () => {
  fc.assert(
    fc.property(traceId, (traceId) => {
      const given = { ...span('0'), traceId }
      assert.ok(keeps({}, given) && keeps({ traceSampler: 'always_on', traceSampleRate: 0 }, given))
      assert.ok(!keeps({ traceSampleRate: 0 }, given) && !keeps({ traceSampler: 'always_off' }, given))
    }),
  )
})

test('the threshold is that of the specification, and random bits in the state of a trace stand above those of its id', () => {
  const half = { traceSampleRate: 0.5 }
  assert.ok(keeps(half, span('80000000000000')) && !keeps(half, span('7fffffffffffff')))
  assert.ok(keeps(half, span('ff80000000000000')) && !keeps(half, span('ff7fffffffffffff')), 'only 56 bits count')
  assert.ok(keeps(half, span('0', { traceState: 'vendor=x,ot=th:8;rv:80000000000000' })))
  assert.ok(!keeps(half, span('ffffffffffffff', { traceState: 'ot=rv:7fffffffffffff,vendor=rv:ffffffffffffff' })))
  assert.ok(keeps(half, span('ffffffffffffff', { traceState: 'vendor=rv:00000000000000' })), 'only where it is of OpenTelemetry')
})
