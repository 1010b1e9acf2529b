import type { Batch, Column, Signal, Table } from '../../sdk.ts'

/** A column, and the field of a line of JSON that it is filled from. */
export interface MappedColumn extends Column {
  readonly field: string
}

export interface MappedTable extends Table {
  readonly columns: readonly MappedColumn[]
}

/** The table that a batch goes to: of rows their own, of other signals the one named for it, with a column for each field of their lines. */
export function tableOf(batch: Batch, names: Readonly<Record<Exclude<Signal, 'rows'>, string>>): MappedTable {
  if (batch.signal !== 'rows') return { name: names[batch.signal], columns: columnsOf[batch.signal] }
  const { name, columns } = batch.table
  return { name, columns: columns.map((column) => ({ ...column, field: column.name })) }
}

/** Where a field stands in a line (https://learn.microsoft.com/kusto/query/jsonpath). */
export const pathOf = (field: string): string => `$['${field.replace(/[\\']/g, '\\$&')}']`

const columns = (types: Readonly<Record<string, Column['type']>>): readonly MappedColumn[] =>
  Object.entries(types).map(([name, type]) => ({ name, type, field: name }))

const origin = { resource: 'json', scope: 'json' } as const

/** The fields of the codec jsonl. */
const columnsOf: Readonly<Record<Exclude<Signal, 'rows'>, readonly MappedColumn[]>> = {
  metrics: [
    ...columns({ time: 'datetime', name: 'string', kind: 'string', unit: 'string', labels: 'json', value: 'real' }),
    // What is no number is null as a real.
    { name: 'distribution', type: 'json', field: 'value' },
    ...columns({ temporality: 'string', monotonic: 'bool', startTime: 'datetime', stale: 'bool', exemplars: 'json', ...origin }),
  ],
  traces: columns({
    startTime: 'datetime',
    endTime: 'datetime',
    traceId: 'string',
    spanId: 'string',
    parentSpanId: 'string',
    traceState: 'string',
    name: 'string',
    kind: 'string',
    status: 'json',
    attributes: 'json',
    events: 'json',
    links: 'json',
    ...origin,
  }),
  logs: columns({
    time: 'datetime',
    observedTime: 'datetime',
    severityNumber: 'int',
    severityText: 'string',
    body: 'json',
    attributes: 'json',
    traceId: 'string',
    spanId: 'string',
    ...origin,
  }),
  alerts: columns({
    startsAt: 'datetime',
    endsAt: 'datetime',
    id: 'string',
    name: 'string',
    severity: 'string',
    status: 'string',
    labels: 'json',
    annotations: 'json',
  }),
}
