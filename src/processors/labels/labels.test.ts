import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Batch, metrics, resource, Secret, series } from '../../sdk.ts'
import { createTestHost } from '../../testing/index.ts'
import plugin, { LabelsProcessor } from './labels.ts'

const labels = new LabelsProcessor({ rename: { host: 'node' }, drop: ['temporary.*'], set: { region: 'eu' } })
const given = { host: 'h1', 'temporary.id': '7', path: '/' }
const expected = { node: 'h1', path: '/', region: 'eu' }

test('points get a series that is interned and otherwise the same', () => {
  const describe = {
    kind: 'counter',
    unit: 'By',
    help: 'Written.',
    temporality: 'delta',
    resource: resource({ 'host.name': 'h' }),
  } as const
  const point = { series: series('disk.io', given, describe), timeMs: 5, value: 1, startTimeMs: 2 }
  const wanted = { ...point, series: series('disk.io', expected, describe) }
  const { points } = labels.process(metrics([point, { ...point, value: 2 }])) as ReturnType<typeof metrics>
  assert.deepEqual(points, [wanted, { ...wanted, value: 2 }])
  for (const { series } of points) assert.equal(series, wanted.series)
})

test('series that nothing changes stay the same object', () => {
  const point = { series: series('x', { a: 'b' }), timeMs: 0, value: 1 }
  const { points } = new LabelsProcessor({ drop: ['c'] }).process(metrics([point])) as ReturnType<typeof metrics>
  assert.equal(points[0]!.series, point.series)
})

test('spans and logs have it done to their attributes, alerts to their labels', () => {
  const span = { traceId: 'a', spanId: 'b', name: 'GET', startTimeNs: 0n, endTimeNs: 1n }
  const record = { timeNs: 0n, body: 'x' }
  const alert = { id: '1', name: 'down', severity: 'major', status: 'firing', startsAtMs: 0 } as const
  const changes: [Batch, Batch][] = [
    [
      { signal: 'traces', spans: [{ ...span, attributes: { ...given, code: 200n } }, span] },
      {
        signal: 'traces',
        spans: [
          { ...span, attributes: { ...expected, code: 200n } },
          { ...span, attributes: { region: 'eu' } },
        ],
      },
    ],
    [
      { signal: 'logs', records: [{ ...record, attributes: given }, record] },
      {
        signal: 'logs',
        records: [
          { ...record, attributes: expected },
          { ...record, attributes: { region: 'eu' } },
        ],
      },
    ],
    [
      { signal: 'alerts', alerts: [{ ...alert, labels: given }] },
      { signal: 'alerts', alerts: [{ ...alert, labels: expected }] },
    ],
  ]
  for (const [before, after] of changes) assert.deepEqual(labels.process(before), after)
})

test('rows pass it by', () => {
  const rows: Batch = { signal: 'rows', table: { name: 'costs', columns: [{ name: 'host', type: 'string' }] }, rows: [['h1']] }
  assert.equal(labels.process(rows), rows)
})

test('as a plugin it reads its key as a secret', () => {
  const make = (settings: object) =>
    plugin.create({ name: 'l', config: plugin.config!.parse(settings) as never, host: createTestHost() }) as LabelsProcessor
  const one = metrics([{ series: series('x', { user: 'ann' }), timeMs: 0, value: 1 }])
  const keyed = new LabelsProcessor({ hash: ['user'], hashKey: new Secret('k') }).process(one)
  assert.deepEqual(make({ hash: ['user'], hashKey: 'k' }).process(one), keyed)
  assert.notDeepEqual(make({ hash: ['user'] }).process(one), keyed)
})
