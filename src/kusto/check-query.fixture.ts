import type { Table } from '../core/index.ts'

/** The words of KQL that queries here may use beside columns: functions, operators and their settings. */
const words = new Set('ago sum avg and bin by asc desc kind inner on with'.split(' '))

/**
 * The columns that come out of a query: a table, then operators with `|` between (https://learn.microsoft.com/kusto/query). Throws
 * when it uses a column that is not there, or an operator that this does not know.
 */
export function columnsOf(query: string, tables: readonly Table[]): Set<string> {
  const [source, ...operators] = pipes(query)
  const table = tables.find(({ name }) => name === source)
  if (!table) throw new Error(`there is no table ${source}`)
  return operators.reduce((columns, operator) => apply(operator, columns, tables), new Set(table.columns.map(({ name }) => name)))
}

function apply(operator: string, columns: Set<string>, tables: readonly Table[]): Set<string> {
  const [, name, rest] = /^(\w+)\s+([\s\S]*)$/.exec(operator) ?? [undefined, operator, '']
  switch (name) {
    case 'where':
      uses(rest!, columns)
      return columns
    case 'order':
      uses(rest!.replace(/^by/, ''), columns)
      return columns
    case 'project':
      return new Set(split(rest!).map((part) => named(part, columns)))
    case 'summarize': {
      const [values, keys = ''] = rest!.split(/\bby\b/) as [string, string?]
      return new Set([...split(values), ...split(keys)].map((part) => named(part, columns)))
    }
    case 'join': {
      const [, inner, key] = /^kind=inner \(([\s\S]*)\) on (\w+)$/.exec(rest!)!
      const others = columnsOf(inner!, tables)
      uses(key!, columns)
      uses(key!, others)
      return new Set([...columns, ...others])
    }
    case 'render':
      for (const [, column] of rest!.matchAll(/=(\w+)/g)) uses(column!, columns)
      return columns
  }
  throw new Error(`there is no operator ${name}`)
}

/** The name of `Name = expression`, or that which Kusto gives: of a column itself, of `bin(column, …)` the column's. */
function named(part: string, columns: Set<string>): string {
  const [, name, expression] = /^(\w+)\s*=\s*([\s\S]+)$/.exec(part) ?? [undefined, undefined, part]
  uses(expression!, columns)
  return name ?? /^(?:bin\()?(\w+)/.exec(part)![1]!
}

function uses(expression: string, columns: Set<string>): void {
  const plain = expression.replace(/"[^"]*"/g, '').replace(/\b\d+[smhd]\b/g, '')
  for (const [word] of plain.matchAll(/[A-Za-z_]\w*/g))
    if (!words.has(word) && !columns.has(word)) throw new Error(`there is no column ${word}; there are ${[...columns].join(', ')}`)
}

const pipes = (query: string): string[] => cut(query, '|')
const split = (list: string): string[] => cut(list, ',')

/** Parts between a character where it is in no brackets. */
function cut(text: string, at: string): string[] {
  const parts = ['']
  let depth = 0
  for (const character of text) {
    if (character === '(') depth++
    if (character === ')') depth--
    if (character === at && depth === 0) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}
