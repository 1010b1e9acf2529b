import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Kind, metrics, type Point, type PointValue, series } from '../../../core/index.ts'
import { type PrometheusFormat, PrometheusTextEncoder } from '../prometheus-text.ts'
import { parseFamilies } from './parse-families.ts'
import { PrometheusTextParser } from './prometheus-text-parser.ts'

const format = fc.constantFrom<PrometheusFormat>('text', 'openmetrics')
const parse = (bytes: Uint8Array, format: PrometheusFormat, parser = new PrometheusTextParser()) =>
  parser.parse(bytes, { timeMs: 1000, format })

/** Pieces of expositions, so that much of what is made of them is nearly one. */
const piece = fc.constantFrom(
  ...'a,a_total,a_bucket,a_count,a_sum,a_created,b,{,},{le="1"},{le="+Inf"},{x="\\n\\"é"},{"a b","c d"="1"},"a b", , 1, 2.5e3, NaN, 17, # {} 1,# TYPE a ,# TYPE b ,counter,histogram,summary,gauge,# HELP a ,# EOF,\0,\\,"'.split(
    ',',
  ),
  '\n',
  '\n',
  '\n# EOF\n',
  '\n# HELP a \\"x\n# TYPE a gauge\n',
  'a 1\n',
  ' ',
  ',',
)
const text = fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join('')))
const bytes = fc.oneof(text, fc.uint8Array({ maxLength: 200 }))

test('whatever the bytes: nothing is thrown, and every line is a sample, told, or neither', () => {
  fc.assert(
    fc.property(bytes, format, (bytes, format) => {
      const { points, problems, skipped } = parse(bytes, format)
      const lines = Buffer.from(bytes).toString('latin1').split('\n').length
      assert.ok(skipped >= problems.length && problems.every(({ line, message }) => line >= 0 && line <= lines && message !== ''))
      for (const { value, timeMs } of points) assert.ok(value !== undefined && Number.isFinite(timeMs))
      const { families } = parseFamilies(bytes, format)
      assert.equal(new Set(families.map(({ name }) => name)).size, families.length)
    }),
    { numRuns: 500 },
  )
})

test('whatever was scraped before, a text says what it says by itself', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(bytes, format), { minLength: 2, maxLength: 6 }), (scrapes) => {
      const parser = new PrometheusTextParser()
      for (const [bytes, format] of [...scrapes, ...scrapes]) assert.deepEqual(parse(bytes, format, parser), parse(bytes, format))
    }),
    { numRuns: 500 },
  )
})

test('points and families have the same samples where all of them are gauges', () => {
  const line = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('').replace(/#|\n/g, ''))
  fc.assert(
    fc.property(fc.array(line, { maxLength: 10 }), (lines) => {
      const bytes = Buffer.from(lines.join('\n'))
      const { points, skipped } = parse(bytes, 'text')
      const parsed = parseFamilies(bytes)
      assert.equal(parsed.skipped, skipped)
      const told = ({ name, labels, value, timeMs = 1000 }: { name: string; labels: object; value: unknown; timeMs?: number }) =>
        JSON.stringify([name, Object.entries(labels).sort(), String(value), timeMs])
      assert.deepEqual(
        parsed.families.flatMap(({ samples }) => samples.map(told)).sort(),
        points
          .map(({ series, value, timeMs }) => told({ name: series.name, labels: Object.fromEntries(series.labels), value, timeMs }))
          .sort(),
      )
    }),
  )
})

/** Without -0, which no text format tells from 0. */
const double = (constraints: fc.DoubleConstraints = {}) => fc.double(constraints).map((value) => value + 0)

test('what is encoded comes back', () => {
  const name = fc.stringMatching(/^[a-z][a-z_]{0,5}[a-z]$/).filter((name) => !/_(total|created|bucket|sum|count|info)$/.test(name))
  const label = fc.string({ unit: fc.constantFrom('a', '\\', '"', '\n', 'é', '😀', '{', '}', ',', '#', ' '), minLength: 1, maxLength: 6 })
  const labels = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,3}$/).filter((name) => name !== 'le'),
    label,
    { maxKeys: 3 },
  )
  const count = fc.nat({ max: 1e6 })
  const value: fc.Arbitrary<[Kind, PointValue]> = fc.oneof(
    double().map((value): [Kind, PointValue] => ['gauge', value]),
    double({ min: 0, noNaN: true }).map((value): [Kind, PointValue] => ['counter', value]),
    fc
      .uniqueArray(double({ min: 0, noNaN: true, noDefaultInfinity: true }), { maxLength: 5 })
      .chain((bounds) =>
        fc.tuple(
          fc.constant(bounds.sort((a, b) => a - b)),
          fc.array(count, { minLength: bounds.length + 1, maxLength: bounds.length + 1 }),
        ),
      )
      .map(([bounds, counts]): [Kind, PointValue] => ['histogram', { count: counts.reduce((a, b) => a + b, 0), sum: 1.5, bounds, counts }]),
    fc
      .tuple(count, double({ noNaN: true }))
      .map(([count, value]): [Kind, PointValue] => ['summary', { count, sum: 2, quantiles: [{ quantile: 0.5, value }] }]),
  )
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, labels, value), { selector: ([name]) => name, maxLength: 6 }), format, (all, format) => {
      const points = all.map(([name, labels, [kind, value]]): Point => {
        const full = kind === 'counter' ? `${name}_total` : name
        return { series: series(full, labels, { kind, help: 'h' }), timeMs: 1000, value }
      })
      const encoder = new PrometheusTextEncoder({ format })
      const parsed = parse(encoder.encode(metrics(points)), format)
      assert.deepEqual(parsed.problems, [])
      const told = (points: readonly Point[]) =>
        points.map(({ series, value }) => [series.key, value] as const).sort(([a], [b]) => (a < b ? -1 : 1))
      assert.deepEqual(told(parsed.points), told(points))
    }),
    { numRuns: 300 },
  )
})
