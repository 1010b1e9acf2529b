import type { Column, ColumnType, Table } from '../core/index.ts'
import { kqlName, kqlText } from './kql-name.ts'

/** https://learn.microsoft.com/kusto/query/scalar-data-types */
export const kustoTypes: Readonly<Record<ColumnType, string>> = {
  string: 'string',
  int: 'long',
  real: 'real',
  bool: 'bool',
  datetime: 'datetime',
  json: 'dynamic',
}

/** Makes a table, or adds the columns that one lacks. */
export function createTable({ name, columns }: Table): string {
  const lines = columns.map((column) => `    ${kqlName(column.name)}: ${kustoTypes[column.type]}`)
  return `.create-merge table ${kqlName(name)} (\n${lines.join(',\n')}\n)`
}

/** The name of the mapping that `createMapping` makes. */
export const mappingName = (table: Table): string => `${table.name}_mapping`

/**
 * Makes or replaces the mapping that takes each column from the field of its name, for `json` and `multijson`
 * (https://learn.microsoft.com/kusto/management/json-mapping).
 */
export function createMapping(table: Table): string {
  const entry = ({ name, type }: Column) => JSON.stringify({ column: name, datatype: kustoTypes[type], Properties: { Path: pathOf(name) } })
  const entries = table.columns.map((column) => `    ${entry(column)}`).join(',\n')
  return `.create-or-alter table ${kqlName(table.name)} ingestion json mapping '${mappingName(table)}'\n\`\`\`\n[\n${entries}\n]\n\`\`\``
}

const pathOf = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? `$.${name}` : `$['${name.replace(/[\\']/g, '\\$&')}']`)

/** `json`: a record on each line. `multijson`: a list, or records over several lines. */
export type IngestionFormat = 'json' | 'multijson'

/** Takes in a blob. The address is one that Kusto does not log, since there may be a token in it. */
export const ingestInto = (table: Table, url: string, format: IngestionFormat): string =>
  `.ingest into table ${kqlName(table.name)} (h${kqlText(url)})\nwith (format='${format}', ingestionMappingReference='${mappingName(table)}')`
