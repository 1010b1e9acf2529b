/** Samples to export, and what is in the files afterwards. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CsvReader } from '../../codecs/csv/reader.ts'
import { type Context, createContext, type Log, type LogFields, type MetricsBatch, metrics, series, silent } from '../../sdk.ts'

/** 2026-08-02T10:23:00.500Z */
export const timeMs = Date.UTC(2026, 7, 2, 10, 23, 0, 500)

/** Values by name at one time, `n` times 500 ms after the first. */
export const sample = (values: Record<string, number>, n = 0): MetricsBatch =>
  metrics(Object.entries(values).map(([name, value]) => ({ series: series(name), timeMs: timeMs + n * 500, value })))

/** The text of every file in the folder, by its name. */
export const textsIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  )

/** The records of CSV. */
export const recordsOf = (text: string): readonly string[][] => new CsvReader().push(text)

/** A context that keeps what was logged. */
export function listening(): Context & { readonly lines: { level: string; message: string; fields: LogFields | undefined }[] } {
  const lines: { level: string; message: string; fields: LogFields | undefined }[] = []
  const at = (level: string) => (message: string, fields?: LogFields) => void lines.push({ level, message, fields })
  const log: Log = { ...silent, info: at('info'), warn: at('warn'), error: at('error') }
  return { ...createContext({ log }), lines }
}
