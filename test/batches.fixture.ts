/** Batches of every signal for property tests, with few different names and values, so that conditions over them hold now and then. */
import fc from 'fast-check'
import { type Batch, metrics, resource, series } from '../src/sdk.ts'

const text = fc.constantFrom('a', 'b', 'host', 'x y', '')
const hex = (length: number) => fc.string({ unit: fc.constantFrom('0', '7', '8', 'f'), minLength: length, maxLength: length })
const timeNs = fc.bigInt({ min: 0n, max: 2n ** 62n })

/** Labels or attributes: any of `a`, `b`, `host` and `user`. */
export const someLabels = fc.dictionary(fc.constantFrom('a', 'b', 'host', 'user'), text, { noNullPrototype: true })

const point = fc
  .record({ name: fc.constantFrom('cpu.time', 'disk.used', 'up'), labels: someLabels, value: fc.double() })
  .map(({ name, labels, value }) => ({ series: series(name, labels, { resource: resource({ 'host.name': 'h' }) }), timeMs: 0, value }))
const span = fc.record({ traceId: hex(32), spanId: hex(16), name: text, startTimeNs: timeNs, endTimeNs: timeNs, attributes: someLabels })
const logRecord = fc.record({ timeNs, body: text, attributes: someLabels }, { requiredKeys: ['timeNs', 'body'] })
const alert = fc.record({
  id: text,
  name: text,
  severity: fc.constantFrom('critical', 'info'),
  status: fc.constantFrom('firing', 'resolved'),
  startsAtMs: fc.nat(),
  labels: someLabels,
})
const table = { name: 'costs', columns: [{ name: 'cost', type: 'real' }] } as const

export const someBatch: fc.Arbitrary<Batch> = fc.oneof(
  fc.array(point).map(metrics),
  fc.array(span).map((spans): Batch => ({ signal: 'traces', spans })),
  fc.array(logRecord).map((records): Batch => ({ signal: 'logs', records })),
  fc.array(alert).map((alerts): Batch => ({ signal: 'alerts', alerts })),
  fc.array(fc.tuple(fc.double())).map((rows): Batch => ({ signal: 'rows', table, rows })),
)
