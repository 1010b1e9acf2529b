import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Histogram, metrics, type Point, resource, type Summary, series } from '../../../core/index.ts'
import { type PrometheusFormat, PrometheusTextEncoder } from '../prometheus-text.ts'
import { PrometheusTextParser } from './prometheus-text-parser.ts'

const parse = (text: string, format: PrometheusFormat = 'text', parser = new PrometheusTextParser()) =>
  parser.parse(Buffer.from(text), { timeMs: 5000, format })
const told = (points: readonly Point[]) =>
  points.map(({ series: { name, kind, labels }, timeMs, value }) => [name, kind, Object.fromEntries(labels), value, timeMs])

test('names, labels, escapes, values and times', () => {
  const { points, problems } = parse(
    [
      'plain 1',
      ' spaced \t {\ta = "b" , c="d", }\t-2.5e3 \t 1700000000000 ',
      'joined{a="}\\"{,\\\\"}+Inf',
      'lines{a="x\\ny\\t",b=""} NaN\r',
      'é 1',
      '{"système.métrique","étiquette"="é😀"} 0x',
      '{"système.métrique","étiquette"="é😀"} 7',
      'long 0.021811590000000002',
      'small 1e-7 -5',
      'big 123456789012345678901234567890',
      'edge 1e22',
      'far 1.5e-30',
      'infinite{s="-"} -Inf',
    ].join('\n'),
  )
  assert.deepEqual(told(points), [
    ['plain', 'gauge', {}, 1, 5000],
    ['spaced', 'gauge', { a: 'b', c: 'd' }, -2500, 1_700_000_000_000],
    ['joined', 'gauge', { a: '}"{,\\' }, Number.POSITIVE_INFINITY, 5000],
    ['lines', 'gauge', { a: 'x\ny\\t', b: '' }, Number.NaN, 5000],
    ['système.métrique', 'gauge', { étiquette: 'é😀' }, 7, 5000],
    ['long', 'gauge', {}, 0.021811590000000002, 5000],
    ['small', 'gauge', {}, 1e-7, -5],
    ['big', 'gauge', {}, 1.2345678901234568e29, 5000],
    ['edge', 'gauge', {}, 1e22, 5000],
    ['far', 'gauge', {}, 1.5e-30, 5000],
    ['infinite', 'gauge', { s: '-' }, Number.NEGATIVE_INFINITY, 5000],
  ])
  assert.deepEqual(problems, [
    { line: 5, message: 'it is neither a sample nor a comment' },
    { line: 6, message: '"0x" is no number' },
  ])
})

test('a line that cannot be read is told with its number, and the rest is kept', () => {
  const wrong: readonly (readonly [line: string, message: RegExp])[] = [
    ['not a metric', /something stands behind its value|no number/],
    ['a', /it has no value/],
    ['a{b="c"', /a brace is not closed/],
    ['a{b="c} 1', /a quote is not closed/],
    ['a{b=c} 1', /the label b has no value in quotes/],
    ['a{b} 1', /the label b has no value/],
    ['a{"b"} 1', /the label b has no value/],
    ['a{b="c" d="e"} 1', /no comma stands between two labels/],
    ['a{b="c",b="d"} 1', /a label comes twice/],
    ['a{1="c"} 1', /no label begins with "1=\\"c\\"}/],
    ['a 1 2 3', /something stands behind its value/],
    ['a 1 2.5', /"2.5" is no time/],
    ['a 1 99999999999999999999', /is no time/],
    ['{a="b"} 1', /neither a sample nor a comment/],
    ['# TYPE a gouge', /there is no type "gouge"/],
    ['# HELP', /HELP is of nothing/],
    ['# TYPE "a', /a quote is not closed/],
  ]
  for (const [line, message] of wrong) {
    const { points, problems, skipped } = parse(`first 1\n${line}\nlast 2\n`)
    assert.deepEqual(
      points.map(({ series }) => series.name),
      ['first', 'last'],
      line,
    )
    assert.deepEqual([skipped, problems.length, problems[0]?.line], [1, 1, 2], line)
    assert.match(problems[0]!.message, message)
  }
  const { points, problems, skipped } = parse(`${'junk\n'.repeat(1000)}a 1`)
  assert.deepEqual([points.length, problems.length, skipped], [1, 20, 1000])
})

test('comments, empty lines and a text without an end are nothing wrong', () => {
  const { points, problems } = parse('\n# a comment\n#HELP a x\n  # TYPEa b\n \t\n# EOF\r\na 1\n\r\n')
  assert.deepEqual([points.length, problems], [1, []])
  assert.deepEqual(parse(''), { points: [], problems: [], skipped: 0 })
})

test('types and helps are those told of before; a sample of none is a gauge', () => {
  const { points } = parse(
    '# TYPE a_total counter\n# HELP a_total One \\\\ two\\nthree \\"x\\"\na_total 1\n# TYPE b untyped\nb 2\nc_total 3\n# TYPE "d.e" counter\n{"d.e"} 4\n',
  )
  assert.deepEqual(
    points.map(({ series }) => [series.name, series.kind, series.help]),
    [
      ['a_total', 'counter', 'One \\ two\nthree \\"x\\"'],
      ['b', 'gauge', undefined],
      ['c_total', 'gauge', undefined],
      ['d.e', 'counter', undefined],
    ],
  )
})

test('histograms and summaries become a point each', () => {
  const { points, problems } = parse(`# TYPE h histogram
h_bucket{path="/",le="0.5"} 3
h_bucket{path="/",le="+Inf"} 5
h_sum{path="/"} 0.25
h_count{path="/"} 5
h_bucket{path="/b",le="1"} 2
h_count{path="/b"} 3
# TYPE s summary
s{quantile="0.9"} 7
s{quantile="0.5"} 6
s_sum 30
s_count 5
# TYPE only summary
only_sum 1
`)
  assert.deepEqual(problems, [])
  assert.deepEqual(told(points), [
    ['h', 'histogram', { path: '/' }, { count: 5, sum: 0.25, bounds: [0.5], counts: [3, 2] }, 5000],
    ['h', 'histogram', { path: '/b' }, { count: 3, bounds: [1], counts: [2, 1] }, 5000],
    [
      's',
      'summary',
      {},
      {
        count: 5,
        sum: 30,
        quantiles: [
          { quantile: 0.5, value: 6 },
          { quantile: 0.9, value: 7 },
        ],
      },
      5000,
    ],
    ['only', 'summary', {}, { count: Number.NaN, sum: 1, quantiles: [] }, 5000],
  ])
})

test('a histogram at two times is two points; what makes none is told', () => {
  const { points, problems } = parse(`# TYPE h histogram
h_bucket{le="+Inf"} 1 1000
h_count 1 1000
h_bucket{le="+Inf"} 2 2000
h_bucket{le="+Inf"} 3 2000
# TYPE g histogram
g_bucket{le="1"} 3
g_bucket{le="2"} 2
g_bucket 4
g_bucket{le="x"} 4
g 4
`)
  assert.deepEqual(told(points), [
    ['h', 'histogram', {}, { count: 1, bounds: [], counts: [1] }, 1000],
    ['h', 'histogram', {}, { count: 2, bounds: [], counts: [2] }, 2000],
  ])
  assert.deepEqual(problems, [
    { line: 5, message: 'it comes twice' },
    { line: 9, message: 'it has no label le' },
    { line: 10, message: '"x" is no number' },
    { line: 11, message: 'the histogram g has no such sample' },
    { line: 7, message: 'the buckets of this histogram do not grow with their bounds' },
  ])
})

test('OpenMetrics: seconds, units, starts, exemplars, types of its own, and an end', () => {
  const text = `# TYPE a_seconds counter
# UNIT a_seconds seconds
a_seconds_total{x="1"} 3 1700000000.5 # {trace_id="t",span_id="s",k="v"} 0.5 1700000000.123456
a_seconds_created{x="1"} 1600000000.25
# TYPE h histogram
h_bucket{le="1.0"} 1 # {} 0.5
h_bucket{le="+Inf"} 1
h_created 12
# TYPE build info
build_info{version="1"} 1
# TYPE odd stateset
odd{odd="a"} 1
# TYPE gh gaugehistogram
gh_bucket{le="+Inf"} 4
gh_gcount 4
`
  const { points, problems } = parse(`${text}# EOF\n`, 'openmetrics')
  assert.deepEqual(problems, [])
  const [counter, ...others] = points
  assert.deepEqual([counter!.series.name, counter!.series.kind, counter!.series.unit], ['a_seconds_total', 'counter', 's'])
  assert.deepEqual([counter!.timeMs, counter!.startTimeMs], [1_700_000_000_500, 1_600_000_000_250])
  assert.deepEqual(counter!.exemplars, [{ value: 0.5, timeMs: 1_700_000_000_123.456, labels: { k: 'v' }, traceId: 't', spanId: 's' }])
  assert.deepEqual(
    others.map(({ series: { name, kind } }) => `${name} ${kind}`),
    ['build_info gauge', 'odd gauge', 'gh_bucket gauge', 'gh_gcount gauge', 'h histogram'],
  )
  const histogram = others.at(-1)!
  assert.deepEqual([histogram.startTimeMs, histogram.exemplars], [12_000, [{ value: 0.5 }]])

  assert.deepEqual(parse(text, 'openmetrics').problems, [{ line: 15, message: 'there is no # EOF: the text breaks off' }])
  assert.deepEqual(parse(`${text}# EOF\na 1\n`, 'openmetrics').problems, [{ line: 17, message: 'it stands behind # EOF' }])
})

test('the resource of the target is that of every series', () => {
  const shop = resource({ 'service.name': 'shop' })
  const { points } = parse('a 1\n# TYPE h histogram\nh_count 1\n', 'text', new PrometheusTextParser({ resource: shop }))
  assert.deepEqual(
    points.map(({ series }) => series.resource),
    [shop, shop],
  )
})

test('a type that changes between two scrapes changes its samples', () => {
  const parser = new PrometheusTextParser()
  const kinds = (text: string) => parse(text, 'text', parser).points.map(({ series }) => series.kind)
  const samples = 'a_count 1\nb_count 2\n'
  assert.deepEqual(kinds(`# TYPE a_count counter\n${samples}`), ['counter', 'gauge'])
  assert.deepEqual(kinds(samples), ['gauge', 'gauge'])
  assert.deepEqual(kinds(`# TYPE b summary\n${samples}`), ['gauge', 'summary'])
  assert.deepEqual(kinds(`# TYPE a summary\n# TYPE b summary\n${samples}`), ['summary', 'summary'])
  assert.deepEqual(kinds(`# TYPE a_count counter\n${samples}`), ['counter', 'gauge'])
})

test('what the golden files of the encoder hold is read', () => {
  for (const [format, file] of [
    ['text', 'exposition.txt'],
    ['openmetrics', 'exposition.openmetrics.txt'],
  ] as const) {
    const bytes = readFileSync(join(import.meta.dirname, '../golden', file))
    const { points, problems } = new PrometheusTextParser().parse(bytes, { timeMs: 0, format })
    assert.deepEqual(problems, [], format)
    const encoder = new PrometheusTextEncoder({ format, created: true })
    const again = Buffer.from(encoder.encode(metrics(points))).toString()
    // Only the help of a name that is its own is not told twice.
    assert.equal(again, bytes.toString(), format)
  }
})

test('a histogram and a summary come back as they were encoded', () => {
  const histogram: Histogram = { count: 6, sum: 9.5, bounds: [0.25, 1], counts: [1, 3, 2] }
  const summary: Summary = { count: 9, sum: 1.5, quantiles: [{ quantile: 0.5, value: 0.1 }] }
  const points = [
    { series: series('h', { a: '1' }, { kind: 'histogram' }), timeMs: 5000, value: histogram },
    { series: series('s', {}, { kind: 'summary' }), timeMs: 5000, value: summary },
  ]
  const text = Buffer.from(new PrometheusTextEncoder().encode(metrics(points))).toString()
  assert.deepEqual(
    parse(text).points.map(({ value }) => value),
    [histogram, summary],
  )
})
