import type { Attributes, Batch, Cell, Column } from '../../sdk.ts'
import { formatPoint, formatQuantity } from './quantity.ts'

export interface GridColumn {
  readonly title: string
  readonly align: 'left' | 'right'
  /** Whether it gives way when there is not enough room. */
  readonly flexible: boolean
}

/** A batch as people read it: a line for each record. */
export interface Grid {
  readonly caption?: string
  readonly columns: readonly GridColumn[]
  readonly lines: readonly (readonly string[])[]
}

const fixed = (title: string): GridColumn => ({ title, align: 'left', flexible: false })
const flexible = (title: string): GridColumn => ({ title, align: 'left', flexible: true })
const figure = (title: string): GridColumn => ({ title, align: 'right', flexible: false })

/** Times are shown in UTC. */
export function gridOf(batch: Batch): Grid {
  switch (batch.signal) {
    case 'metrics':
      return {
        columns: [fixed('time'), flexible('name'), flexible('labels'), figure('value')],
        lines: batch.points.map((point) => {
          const { name, labels } = point.series
          return [timeOfDay(point.timeMs), name, pairs(labels), formatPoint(point)]
        }),
      }
    case 'traces':
      return {
        columns: [fixed('start'), flexible('name'), fixed('kind'), fixed('status'), flexible('attributes'), figure('duration')],
        lines: batch.spans.map(({ startTimeNs, endTimeNs, name, kind, status, attributes }) => {
          const duration = formatQuantity(Number(endTimeNs - startTimeNs), 'ns')
          return [timeOfDay(msOf(startTimeNs)), name, kind ?? '', status?.code ?? '', attributePairs(attributes), duration]
        }),
      }
    case 'logs':
      return {
        columns: [fixed('time'), fixed('severity'), flexible('body'), flexible('attributes')],
        lines: batch.records.map(({ timeNs, severityText, severityNumber, body, attributes }) => {
          return [timeOfDay(msOf(timeNs)), severityText ?? String(severityNumber ?? ''), textOf(body), attributePairs(attributes)]
        }),
      }
    case 'alerts':
      return {
        columns: [fixed('since'), fixed('severity'), flexible('name'), flexible('labels'), fixed('status')],
        lines: batch.alerts.map(({ startsAtMs, severity, name, labels, status }) => {
          return [timeOfDay(startsAtMs), severity, name, pairs(Object.entries(labels)), status]
        }),
      }
    case 'rows':
      return {
        caption: batch.table.name,
        columns: batch.table.columns.map(({ name, type }) => (type === 'int' || type === 'real' ? figure(name) : flexible(name))),
        lines: batch.rows.map((row) => batch.table.columns.map((column, index) => cellText(column, row[index]))),
      }
  }
}

const timeOfDay = (ms: number): string => iso(ms).slice(11)

const iso = (ms: number): string => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : '')

const msOf = (ns: bigint): number => Number(ns / 1_000_000n)

const pairs = (entries: readonly (readonly [string, string])[]): string =>
  entries.map(([name, value]) => `${name}=${/^[^\s"]+$/.test(value) ? value : JSON.stringify(value)}`).join(' ')

const attributePairs = (attributes: Attributes = {}): string =>
  pairs(Object.entries(attributes).map(([name, value]) => [name, textOf(value)]))

const cellText = ({ type }: Column, cell: Cell | undefined): string =>
  cell === null || cell === undefined ? '' : type === 'datetime' && typeof cell === 'number' ? iso(cell) : textOf(cell)

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner))
}
