import { ArrayFailure } from '../model/failures.ts'
import type { Order, Query } from '../store/array-store.ts'

/** As the server reads it: a list where a name comes more than once. */
export type GivenQuery = Readonly<Record<string, string | readonly string[] | undefined>>

export interface Listable {
  /** Fields that must be as the query says. */
  readonly filters: readonly string[]
  /** Fields to sort by. */
  readonly fields: readonly string[]
}

const mostAtOnce = 1000
const newestFirst: readonly Order[] = [{ field: 'created_at', direction: 'desc' }]

/** What a query asks of a list; names that are not known are left out. Throws ArrayFailure `InvalidInput`. */
export function listQuery(query: GivenQuery, { filters, fields }: Listable): Query {
  const value = (name: string) => last(query[name])
  const given = filters.filter((name) => value(name) !== undefined)
  const marker = value('marker')
  return {
    where: Object.fromEntries(given.map((name) => [name, value(name)!])),
    order: orderOf(value, fields),
    limit: Math.min(mostAtOnce, count('limit', value('limit')) ?? mostAtOnce),
    offset: count('offset', value('offset')) ?? 0,
    ...(marker !== undefined && { after: marker }),
  }
}

export const last = (value: GivenQuery[string]): string | undefined => (typeof value === 'object' ? value.at(-1) : value)

/** `sort=name:asc,status:desc`, or `sort_key=name&sort_dir=asc`. */
function orderOf(value: (name: string) => string | undefined, fields: readonly string[]): readonly Order[] {
  const [key, direction = 'desc'] = [value('sort_key'), value('sort_dir')]
  const sort = value('sort') ?? (key === undefined ? '' : `${key}:${direction}`)
  if (sort.trim() === '') return newestFirst
  return sort.split(',').map((part) => {
    const [field = '', direction = 'desc'] = part.trim().split(':')
    if (!fields.includes(field)) throw invalid(`Sort key ${JSON.stringify(field)} is not one of ${fields.join(', ')}`)
    if (direction !== 'asc' && direction !== 'desc') throw invalid(`Sort direction ${JSON.stringify(direction)} is not asc or desc`)
    return { field, direction }
  })
}

function count(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value)) throw invalid(`${name} param must be an integer`)
  if (value < 0) throw invalid(`${name} param must be positive`)
  return value
}

const invalid = (message: string) => new ArrayFailure('InvalidInput', [message])
