import type { JsonSchema } from './json-schema.ts'

/** The settings of a schema as a Markdown table, one row each, nested ones by their path. */
export function optionsTable(schema: JsonSchema): string {
  const rows = rowsOf(schema, '')
  if (rows.length === 0) return 'There is nothing to set.'
  return ['| key | type | default | what it is |', '|---|---|---|---|', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n')
}

/** Paths of settings that have no description: there must be none. */
export function undescribed(schema: JsonSchema): string[] {
  return rowsOf(schema, '')
    .filter((row) => row[3] === '')
    .map((row) => row[0]!.replaceAll('`', ''))
}

function rowsOf(schema: JsonSchema, prefix: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
    const path = `${prefix}${key}`
    const required = schema.required?.includes(key) ?? false
    const own = [`\`${path}\``, typeOf(child), required ? 'required' : defaultOf(child), cell(child.description ?? '')]
    const items = child.items ?? {}
    const options = [
      ...(child.oneOf ?? []).flatMap((option) => rowsOf(option, `${path}.`)),
      ...(items.oneOf ?? items.anyOf ?? []).flatMap((option) => rowsOf(option, `${path}[].`)),
    ]
    return [own, ...rowsOf(child, `${path}.`), ...rowsOf(items, `${path}[].`), ...merged(options)]
  })
}

/** Rows of several options, those with one path as one: what its type may be there, and the first description. */
function merged(rows: readonly string[][]): string[][] {
  const byPath = Map.groupBy(rows, ([path]) => path!)
  return [...byPath.values()].map((same) => {
    const [path, , , text] = same.find((row) => row[3] !== '') ?? same[0]!
    const everywhere = same.every((row) => row[2] === same[0]![2])
    return [path!, [...new Set(same.map((row) => row[1]))].join(', '), everywhere ? same[0]![2]! : '', text!]
  })
}

function typeOf(schema: JsonSchema): string {
  if (schema.title) return schema.title
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ')
  if (schema.const !== undefined) return `\`${schema.const}\``
  if (schema.oneOf) return 'mapping'
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ')
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items) : 'anything'}`
  if (schema.type === 'object') return schema.properties ? 'mapping' : 'mapping of names to values'
  return { string: 'text', boolean: 'true or false', integer: 'whole number' }[schema.type as string] ?? String(schema.type ?? 'anything')
}

function defaultOf(schema: JsonSchema): string {
  const value = schema.default
  if (value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)) return ''
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
