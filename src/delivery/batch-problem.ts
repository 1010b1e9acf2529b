import type { Alert } from '../core/alert.ts'
import { type Batch, recordsOf } from '../core/batch.ts'
import type { LogRecord } from '../core/log-record.ts'
import { isExponentialHistogram, isHistogram, isSummary, type Point } from '../core/point.ts'
import type { Row, Table } from '../core/rows.ts'
import type { Span } from '../core/span.ts'

/** What is wrong with the first record of a batch that is not as its signal demands; undefined when all are. */
export function batchProblem(batch: Batch): string | undefined {
  if (!Array.isArray(recordsOf(batch))) return `a batch of ${batch.signal} has no list of records`
  for (const [index, record] of recordsOf(batch).entries()) {
    const problem = typeof record === 'object' && record !== null ? recordProblem(batch, index) : 'is no object'
    if (problem) return `record ${index} (${batch.signal}): ${problem}`
  }
  return undefined
}

function recordProblem(batch: Batch, index: number): string | undefined {
  switch (batch.signal) {
    case 'metrics':
      return pointProblem(batch.points[index]!)
    case 'traces':
      return spanProblem(batch.spans[index]!)
    case 'logs':
      return logProblem(batch.records[index]!)
    case 'alerts':
      return alertProblem(batch.alerts[index]!)
    case 'rows':
      return rowProblem(batch.rows[index]!, batch.table)
  }
}

function pointProblem({ series, timeMs, value }: Point): string | undefined {
  if (!isText(series?.name)) return 'its series has no name'
  if (!Number.isFinite(timeMs)) return `timeMs of ${series.name} is not a number`
  if (typeof value === 'number') return undefined
  if (typeof value !== 'object' || value === null) return `the value of ${series.name} is ${String(value)}, not a number`
  if (!Number.isFinite(value.count)) return `the count of ${series.name} is not a number`
  if (isHistogram(value))
    return value.counts?.length === value.bounds.length + 1 ? undefined : `${series.name} needs one count more than bounds`
  return isExponentialHistogram(value) || isSummary(value)
    ? undefined
    : `the value of ${series.name} is neither a number nor a histogram or summary`
}

function spanProblem({ traceId, spanId, name, startTimeNs, endTimeNs }: Span): string | undefined {
  if (!/^[\da-f]{32}$/.test(traceId)) return 'traceId is not 32 hex digits'
  if (!/^[\da-f]{16}$/.test(spanId)) return 'spanId is not 16 hex digits'
  if (!isText(name)) return 'it has no name'
  if (typeof startTimeNs !== 'bigint' || typeof endTimeNs !== 'bigint') return 'its times are not nanoseconds as bigint'
  return endTimeNs < startTimeNs ? 'it ends before it starts' : undefined
}

function logProblem({ timeNs, body }: LogRecord): string | undefined {
  if (typeof timeNs !== 'bigint') return 'timeNs is not nanoseconds as bigint'
  return body === undefined ? 'it has no body' : undefined
}

function alertProblem({ id, name, status, startsAtMs, labels }: Alert): string | undefined {
  if (!isText(id) || !isText(name)) return 'it has no id or name'
  if (status !== 'firing' && status !== 'resolved') return `its status is ${String(status)}`
  if (!Number.isFinite(startsAtMs)) return 'startsAtMs is not a number'
  return typeof labels === 'object' && labels !== null ? undefined : 'it has no labels'
}

function rowProblem(row: Row, { columns }: Table): string | undefined {
  return row.length === columns.length ? undefined : `it has ${row.length} cells for ${columns.length} columns`
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
