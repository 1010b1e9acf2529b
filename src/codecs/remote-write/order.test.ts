import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ByteWriter, metrics, type Point, series } from '../../core/index.ts'
import { exemplar, exponential, gauge, point } from './points.fixture.ts'
import { readRequest } from './protobuf.fixture.ts'
import { RemoteWriteEncoder } from './remote-write.ts'

for (const version of [1, 2] as const) {
  const send = (...points: Point[]) => {
    const writer = new ByteWriter()
    const { rejected, samples } = new RemoteWriteEncoder({ version }).encodeInto(writer, metrics(points))
    return { ...readRequest(writer.take(), version), count: samples, rejected: rejected.map((r) => ('index' in r ? r.index : -1)) }
  }
  const at = (timeMs: number, value: number, name = 'a') => gauge(name, value, { timeMs })

  test(`version ${version}: the samples of a series stand together in the order of their times, whatever order they came in`, () => {
    const { series, rejected } = send(at(30, 3), at(10, 1), at(10, 7, 'b'), at(20, 2))
    assert.deepEqual(
      series.map(({ samples }) => samples!.map(({ timestamp, value }) => [timestamp, value])),
      [
        [
          [10, 1],
          [20, 2],
          [30, 3],
        ],
        [[10, 7]],
      ],
    )
    assert.deepEqual(rejected, [])
  })

  test(`version ${version}: of two values in one millisecond the later is sent and the other named; the same twice is one`, () => {
    const { series, rejected, count } = send(
      at(10.2, 1),
      at(10.7, 2),
      at(10.4, 3),
      at(11, 4),
      at(11, 4),
      at(12, Number.NaN),
      at(12, Number.NaN),
    )
    assert.deepEqual(
      series[0]?.samples?.map(({ timestamp, value = 0 }) => [timestamp, value]),
      [
        [10, 2],
        [11, 4],
        [12, Number.NaN],
      ],
    )
    assert.deepEqual([rejected, count], [[0, 2], 3])
  })

  test(`version ${version}: series that come to the same labels are one`, () => {
    const points: Point[] = [
      { series: series('a', { 'b.c': 'd' }), timeMs: 2, value: 2 },
      { series: series('a', { 'b-c': 'd' }, { unit: '{thing}' }), timeMs: 1, value: 1 },
    ]
    assert.deepEqual(send(...points).series, [
      {
        labels: { __name__: 'a', b_c: 'd' },
        samples: [
          { value: 1, timestamp: 1 },
          { value: 2, timestamp: 2 },
        ],
        ...(version === 2 && { metadata: { type: 'METRIC_TYPE_GAUGE', help: 'a', unit: '' } }),
      },
    ])
  })

  test(`version ${version}: a point that is several samples is named once`, () => {
    const histogram = (count: number) => point('h', {}, { kind: 'histogram' }, { count, sum: count, bounds: [1], counts: [count, 0] })
    const { rejected, series } = send(histogram(1), histogram(2))
    assert.deepEqual(rejected, [0])
    assert.deepEqual(
      series.map(({ samples }) => samples?.map(({ value }) => value)),
      [[2], [2], [2], [2]],
    )
  })
}

test('nothing of a request is in the next one', () => {
  for (const version of [1, 2] as const) {
    const encoder = new RemoteWriteEncoder({ version })
    const send = (...points: Point[]) => {
      const writer = new ByteWriter()
      const { rejected, exemplars } = encoder.encodeInto(writer, metrics(points))
      return [
        rejected.length,
        exemplars,
        readRequest(writer.take(), version).series.map(({ samples }) => samples?.map(({ value }) => value)),
      ]
    }
    const job = (value: number, more: Partial<Point> = {}) => point('jobs', {}, { kind: 'counter' }, value, more)
    assert.deepEqual(send(job(1, { exemplars: [exemplar] }), job(2), job(3, { timeMs: 1 })), [1, 1, [[3, 2]]])
    assert.deepEqual(send(job(4)), [0, 0, [[4]]])
  }
})

test('numbers and native histograms of the same labels do not share a time series', () => {
  const points = [gauge('x', 1), point('x', {}, { kind: 'histogram' }, exponential)]
  const { series } = readRequest(new RemoteWriteEncoder({ version: 2 }).encode(metrics(points)), 2)
  assert.deepEqual(
    series.map(({ labels, samples, histograms }) => [labels.__name__, samples?.length ?? 0, histograms?.length ?? 0]),
    [
      ['x', 1, 0],
      ['x', 0, 1],
    ],
  )
})
