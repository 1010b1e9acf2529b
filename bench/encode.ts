/** A million points to text, protobuf or Parquet, beside what is usually taken for it. README.md tells how it is measured. */
import assert from 'node:assert/strict'
import { CsvEncoder } from '../src/codecs/csv/csv.ts'
import { JsonLinesEncoder } from '../src/codecs/jsonl/jsonl.ts'
import { LineProtocolEncoder } from '../src/codecs/line-protocol/line-protocol.ts'
import { OtlpJsonEncoder, OtlpProtobufEncoder } from '../src/codecs/otlp/otlp.ts'
import { ParquetEncoder } from '../src/codecs/parquet/parquet.ts'
import { PrometheusTextEncoder } from '../src/codecs/prometheus-text/prometheus-text.ts'
import { readRequest } from '../src/codecs/remote-write/protobuf.fixture.ts'
import { RemoteWriteEncoder } from '../src/codecs/remote-write/remote-write.ts'
import { ByteWriter, type MetricsBatch, type StreamEncoder } from '../src/core/index.ts'
import { gauges, scrapes } from './data/gauges.ts'
import { jsonPoints, otlpJson, otlpProtobuf, protobufPoints } from './data/otlp-rivals.ts'
import { hyparquetWriter, parquetRows, parquetWasm } from './data/parquet-rivals.ts'
import {
  influxdbClient,
  jsonStringify,
  promClient,
  protobufjs1,
  protobufjs2,
  type Rendering,
  type Rival,
  templateString,
} from './data/rivals.ts'
import type { Comparison } from './measure/comparison.ts'

interface Pair {
  readonly case: string
  readonly alternative: string
  readonly rival: Rival
  encoder(): StreamEncoder<MetricsBatch>
  /** Points at a time; 1,000 if not given. */
  readonly batch?: number
  /** What of an output must be the same, in whatever order. Default: its lines but for comments. */
  read?(output: string | Uint8Array): readonly unknown[] | Promise<readonly unknown[]>
}

/** A Parquet file is worth its name from some ten thousand rows on. */
const pointsPerFile = 200_000

const pairs: readonly Pair[] = [
  { case: 'jsonl', alternative: 'JSON.stringify', rival: jsonStringify, encoder: () => new JsonLinesEncoder() },
  { case: 'csv', alternative: 'template string, JSON.stringify', rival: templateString, encoder: () => new CsvEncoder() },
  { case: 'line-protocol', alternative: '@influxdata/influxdb-client', rival: influxdbClient, encoder: () => new LineProtocolEncoder() },
  { case: 'prometheus-text', alternative: 'prom-client', rival: promClient, encoder: () => new PrometheusTextEncoder(), batch: 20_000 },
  {
    case: 'remote-write 1.0',
    alternative: 'protobufjs',
    rival: protobufjs1,
    encoder: () => new RemoteWriteEncoder(),
    read: (output) => Object.values(readRequest(output as Uint8Array, 1)).flat(),
  },
  {
    case: 'remote-write 2.0',
    alternative: 'protobufjs, a Map of symbols',
    rival: protobufjs2,
    encoder: () => new RemoteWriteEncoder({ version: 2 }),
    read: (output) => readRequest(output as Uint8Array, 2).series,
  },
  {
    case: 'otlp protobuf',
    alternative: '@opentelemetry/otlp-transformer',
    rival: otlpProtobuf,
    encoder: () => new OtlpProtobufEncoder(),
    read: protobufPoints,
  },
  {
    case: 'otlp json',
    alternative: '@opentelemetry/otlp-transformer',
    rival: otlpJson,
    encoder: () => new OtlpJsonEncoder(),
    read: jsonPoints,
  },
  {
    case: 'parquet',
    alternative: 'hyparquet-writer',
    rival: hyparquetWriter,
    encoder: () => new ParquetEncoder(),
    batch: pointsPerFile,
    read: parquetRows,
  },
  {
    case: 'parquet',
    alternative: 'parquet-wasm',
    rival: parquetWasm,
    encoder: () => new ParquetEncoder(),
    batch: pointsPerFile,
    read: parquetRows,
  },
]

/** Both write into memory that is used again. */
const writer = new ByteWriter(16 << 20)

export default async function* (): AsyncGenerator<Comparison> {
  for (const pair of pairs) {
    await assertSame(pair)
    yield warm(pair)
    yield everySeriesNew(pair)
  }
}

/** 20,000 series that the encoder has seen before, at 50 times. */
function warm({ encoder: make, rival, batch = 1_000, ...names }: Pair): Comparison {
  const batches = scrapes(gauges(20_000), 50, batch)
  const encoder = make()
  const renderings = rival(batches)
  return { ...names, unit: 'points', count: 1_000_000, ours: () => encode(encoder, batches), theirs: () => write(renderings) }
}

/** 100,000 series that nobody has seen before, once each. */
function everySeriesNew({ encoder: make, rival, batch = 1_000, ...names }: Pair): Comparison {
  const count = 100_000
  let generation = 0
  let batches: readonly MetricsBatch[] = []
  let renderings: readonly Rendering[] = []
  return {
    ...names,
    case: `${names.case}, new series`,
    unit: 'points',
    count,
    prepare: () => {
      batches = scrapes(gauges(count, generation++), 1, batch)
      renderings = rival(batches)
    },
    ours: () => encode(make(), batches),
    theirs: () => write(renderings),
  }
}

function encode(encoder: StreamEncoder<MetricsBatch>, batches: readonly MetricsBatch[]): void {
  for (const batch of batches) {
    writer.clear()
    encoder.encodeInto(writer, batch)
  }
}

async function write(renderings: readonly Rendering[]): Promise<void> {
  for (const render of renderings) {
    const output = await render()
    writer.clear()
    if (typeof output === 'string') writer.text(output)
    else writer.bytes(output)
  }
}

/** A comparison of different outputs would say nothing. */
async function assertSame({ case: name, encoder, rival, read = linesOf }: Pair): Promise<void> {
  const batches = scrapes(gauges(1000), 1, 1000)
  const parts = async (output: string | Uint8Array) => (await read(output)).map((part) => JSON.stringify(part)).sort()
  assert.deepEqual(
    await parts(encoder().encode(batches[0]!)),
    await parts(await rival(batches)[0]!()),
    `${name} does not write what the alternative writes`,
  )
}

const linesOf = (output: string | Uint8Array): readonly string[] =>
  Buffer.from(output as string)
    .toString()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
