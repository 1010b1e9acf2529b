import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { widthOf } from '../../codecs/text/text-width.ts'
import { type Batch, metrics, series } from '../../sdk.ts'
import { gridOf } from './grid.ts'
import { layout } from './layout.ts'

const unlimited = { width: Number.POSITIVE_INFINITY, color: false }
const noon = Date.UTC(2026, 7, 2, 12)
const noonNs = BigInt(noon) * 1_000_000n
const text = (batch: Batch, options = unlimited) => layout(gridOf(batch), options).split('\n')

const cpu = metrics([
  { series: series('system.cpu.utilization', { core: '0', state: 'user' }, { unit: '1' }), timeMs: noon, value: 0.5 },
  { series: series('system.memory.usage', { 'host name': 'ä b' }, { unit: 'By' }), timeMs: noon + 5, value: 1.5 * 2 ** 30 },
])

test('points: time, name, labels and value, in columns', () => {
  assert.deepEqual(text(cpu), [
    'time           name                    labels               value',
    '12:00:00.000Z  system.cpu.utilization  core=0 state=user     50 %',
    '12:00:00.005Z  system.memory.usage     host name="ä b"    1.5 GiB',
    '',
  ])
})

test('spans, logs, alerts and rows have columns of their own', () => {
  const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'GET /', startTimeNs: noonNs, endTimeNs: noonNs + 1_500_000n }
  assert.deepEqual(
    text({ signal: 'traces', spans: [{ ...span, kind: 'server', status: { code: 'error' }, attributes: { code: 500n } }] }),
    ['start          name   kind    status  attributes  duration', '12:00:00.000Z  GET /  server  error   code=500      1.5 ms', ''],
  )
  assert.deepEqual(text({ signal: 'logs', records: [{ timeNs: noonNs, severityText: 'WARN', body: 'two\nlines\x1b[31m' }] }), [
    'time           severity  body            attributes',
    '12:00:00.000Z  WARN      two lines�[31m',
    '',
  ])
  const alert = { id: '1', name: 'hot', severity: 'major', status: 'firing', startsAtMs: noon, labels: { disk: 'sda' } } as const
  assert.deepEqual(text({ signal: 'alerts', alerts: [alert] }), [
    'since          severity  name  labels    status',
    '12:00:00.000Z  major     hot   disk=sda  firing',
    '',
  ])
  const table = {
    name: 'costs',
    columns: [
      { name: 'pod', type: 'string' },
      { name: 'sum', type: 'real' },
      { name: 'at', type: 'datetime' },
    ],
  } as const
  assert.deepEqual(
    text({
      signal: 'rows',
      table,
      rows: [
        ['東京', 1.25, noon],
        ['a', null, null],
      ],
    }),
    ['costs', 'pod    sum  at', '東京  1.25  2026-08-02T12:00:00.000Z', 'a', ''],
  )
})

test('too wide for the terminal, the widest columns are cut and the value stays', () => {
  assert.deepEqual(text(cpu, { width: 48, color: false }), [
    'time           name         labels         value',
    '12:00:00.000Z  system.cpu…  core=0 sta…     50 %',
    '12:00:00.005Z  system.mem…  host name=…  1.5 GiB',
    '',
  ])
})

test('titles are dim where there is colour', () => {
  const lines = text(cpu, { width: 80, color: true })
  assert.match(lines[0]!, /^\x1b\[2mtime .*\x1b\[22m$/)
  assert.doesNotMatch(lines[1]!, /\x1b/)
})

test('whatever the data holds, no line is wider than the terminal and nothing controls it', () => {
  const labels = fc.dictionary(fc.string(), fc.string({ unit: fc.constantFrom('a', '界', '\x1b', '\u202e', '👩‍👩‍👧', 'é', '\n', '"') }))
  fc.assert(
    fc.property(labels, fc.integer({ min: 1, max: 100 }), (labels, width) => {
      const lines = text(metrics([{ series: series('n', labels), timeMs: noon, value: 1 }]), { width, color: false })
      assert.equal(lines.length, 3)
      for (const line of lines) assert.ok(widthOf(line) <= width && !/[\x00-\x1f\u202e]/.test(line), JSON.stringify(line))
    }),
  )
})
