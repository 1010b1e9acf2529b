/** Samples to export, and a log that is kept. */
import { type Context, createContext, type LogFields, type MetricsBatch, metrics, series, silent } from '../../sdk.ts'

/** 2026-08-02T10:23:00.500Z */
export const timeMs = Date.UTC(2026, 7, 2, 10, 23, 0, 500)

/** Values by name at one time, `n` times 500 ms after the first. */
export const sample = (values: Record<string, number>, n = 0): MetricsBatch =>
  metrics(Object.entries(values).map(([name, value]) => ({ series: series(name), timeMs: timeMs + n * 500, value })))

/** A context that keeps what was warned of. */
export function listening(): Context & { readonly warnings: { message: string; fields: LogFields | undefined }[] } {
  const warnings: { message: string; fields: LogFields | undefined }[] = []
  return { ...createContext({ log: { ...silent, warn: (message, fields) => void warnings.push({ message, fields }) } }), warnings }
}
