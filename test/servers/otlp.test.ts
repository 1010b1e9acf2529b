/**
 * The exporter otlp, in an agent of its own. The collector is one of these tests, over HTTP and HTTP/2, not that of OpenTelemetry; what it
 * is sent is read by the official decoder.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Collector, startGrpcCollector, startHttpCollector, type Taken } from '../../src/exporters/otlp/collector.fixture.ts'
import { known, perRequest, sendingAgent } from './sending-agent.fixture.ts'

const startMs = Date.UTC(2026, 10, 21, 1, 2, 3)
const odd = 'quote " \' backslash \\ newline \n é 日本 😀'
let directory: string

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'waybill-otlp-'))
})

after(() => rm(directory, { recursive: true, force: true }))

const time = (index: number): string => new Date(startMs + index).toISOString()
const hex = (index: number, digits: number): string => (index + 1).toString(16).padStart(digits, '0')
const indexes = Array.from({ length: known }, (_, index) => index)
const points = indexes.map((index) => ({ time: time(index), name: `metric ${index % 10}`, labels: { odd }, value: index / 8 }))
const spans = indexes.map((index) => ({
  ...{ traceId: hex(index, 32), spanId: hex(index, 16), name: `span ${index} ${odd}` },
  ...{ startTime: time(index), endTime: time(index + 5) },
}))
const logs = indexes.map((index) => ({ time: time(index), body: `line ${index} ${odd}`, attributes: { odd } }))

/** A message of OTLP as JSON has it, as far as it is looked at. */
interface Message {
  readonly [name: string]: Message & Message[] & string
}

/** Everything of a signal that was taken, under these names of lists in lists. */
const listed = (taken: readonly Taken[], ...names: readonly string[]): readonly Message[] =>
  names.reduce<readonly Message[]>(
    (messages, name) => messages.flatMap((message) => message[name] ?? []),
    taken.map(({ request }) => request as Message),
  )

const nanos = (time: string): string => `${Date.parse(time)}000000`
const attributes = [{ key: 'odd', value: { stringValue: odd } }]

/** Each is there, as it was; and again only what was under way when the server was stopped. */
function same(found: readonly object[], expected: readonly object[]): void {
  const lines = (records: readonly object[]) => [...new Set(records.map((record) => JSON.stringify(record)))].toSorted().join('\n')
  assert.equal(lines(found), lines(expected))
  assert.ok(found.length - expected.length <= perRequest, `${found.length - expected.length} are there twice`)
}

const collectors = { 'http/protobuf': startHttpCollector, 'http/json': startHttpCollector, grpc: startGrpcCollector }

describe('10,000 known points, spans and logs each, the collector away for ten seconds: each is there, as it was', {
  concurrency: true,
}, () => {
  for (const [protocol, start] of Object.entries(collectors))
    test(protocol, async (t) => {
      let collector: Collector = await start(t)
      const first = collector.taken
      const agent = await sendingAgent(t, {
        directory,
        type: 'otlp',
        config: { endpoint: collector.url, protocol },
        signals: ['metrics', 'traces', 'logs'],
      })
      await agent.throughOutage({
        async post(from, until) {
          await agent.post('/metrics', points.slice(from, until))
          await agent.post('/traces', spans.slice(from, until))
          await agent.post('/logs', logs.slice(from, until))
        },
        each: 3,
        stop: () => collector.close(),
        async start() {
          collector = await start(t, { port: collector.port })
        },
      })
      const taken = [...first, ...collector.taken]
      same(
        listed(taken, 'resourceMetrics', 'scopeMetrics', 'metrics').flatMap(({ name, gauge }) =>
          gauge!.dataPoints!.map(({ timeUnixNano, attributes, asDouble }) => ({ name, timeUnixNano, attributes, asDouble })),
        ),
        points.map(({ name, time, value }) => ({ name, timeUnixNano: nanos(time), attributes, asDouble: value })),
      )
      same(
        listed(taken, 'resourceSpans', 'scopeSpans', 'spans').map(({ traceId, spanId, name, startTimeUnixNano, endTimeUnixNano }) => ({
          ...{ traceId, spanId, name, startTimeUnixNano, endTimeUnixNano },
        })),
        spans.map(({ traceId, spanId, name, startTime, endTime }) => ({
          ...{ traceId, spanId, name, startTimeUnixNano: nanos(startTime), endTimeUnixNano: nanos(endTime) },
        })),
      )
      same(
        listed(taken, 'resourceLogs', 'scopeLogs', 'logRecords').map(({ timeUnixNano, body, attributes }) => ({
          ...{ timeUnixNano, body: body!.stringValue, attributes },
        })),
        logs.map(({ time, body }) => ({ timeUnixNano: nanos(time), body, attributes })),
      )
    })
})
