/** A few records of each signal, and how an exporter is asked. */
import { createContext, type LogsBatch, metrics, Receipt, type Span, series, type TracesBatch } from '../../sdk.ts'

export const now = new Date('2026-11-21T01:02:03Z')
export const context = createContext()
const timeNs = BigInt(now.getTime()) * 1_000_000n

export const points = metrics(
  ['0', '1', '2'].map((core) => ({ series: series('cpu', { core }, { unit: '1' }), timeMs: now.getTime(), value: 0.5 })),
)

/** Of the trace whose last digits are these. */
export const span = (digits: string, given: Partial<Span> = {}): Span => ({
  traceId: digits.padStart(32, '0'),
  spanId: '00f067aa0ba902b7',
  name: 'export',
  startTimeNs: timeNs,
  endTimeNs: timeNs + 5n,
  ...given,
})

export const traces = (...spans: readonly Span[]): TracesBatch => ({ signal: 'traces', spans })

export const logs: LogsBatch = { signal: 'logs', records: [{ timeNs, body: 'hello' }] }

/** A context with a receipt, and that. */
export function withReceipt() {
  const receipt = new Receipt()
  return { receipt, context: { ...context, receipt } }
}
