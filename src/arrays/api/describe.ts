import { z } from '../../sdk.ts'
import type { Listable } from './list-query.ts'
import { failure } from './schemas.ts'

export interface Described {
  readonly summary: string
  readonly status?: number
  /** Absent: the answer has no body. */
  readonly answer?: z.ZodType
  readonly body?: z.ZodType
  /** What may be asked in the query, by name its JSON Schema. */
  readonly query?: Readonly<Record<string, object>>
  /** Names in the path. */
  readonly params?: readonly string[]
}

/** A route as the OpenAPI document has it. */
export function describe({ summary, status = 200, answer, body, query, params = [] }: Described) {
  return {
    schema: {
      summary,
      ...(params.length > 0 && {
        params: { type: 'object', properties: Object.fromEntries(params.map((name) => [name, { type: 'string' }])), required: params },
      }),
      ...(query && { querystring: { type: 'object', properties: query } }),
      ...(body && { body: z.toJSONSchema(body, { io: 'input' }) }),
      response: {
        [status]: answer ? z.toJSONSchema(answer, { io: 'input' }) : { description: 'Done, or begun.', type: 'null' },
        default: z.toJSONSchema(failure),
      },
    },
  }
}

/** What may be asked of a list. */
export function listParameters({ filters, fields }: Listable): Readonly<Record<string, object>> {
  const one = `(${fields.join('|')})(:(asc|desc))?`
  return {
    ...Object.fromEntries(filters.map((name) => [name, { type: 'string', description: `Only what has this ${name}.` }])),
    sort: {
      type: 'string',
      pattern: `^${one}(,${one})*$`,
      description: 'By which fields to sort: name:asc,status:desc. Default: created_at:desc.',
    },
    sort_key: { type: 'string', enum: fields, description: 'By which field to sort, in place of `sort`.' },
    sort_dir: { type: 'string', enum: ['asc', 'desc'], description: 'In which direction, for `sort_key`. Default: desc.' },
    limit: { type: 'integer', minimum: 0, description: 'How many at most. Default, and never more: 1000.' },
    offset: { type: 'integer', minimum: 0, description: 'How many to leave out.' },
    marker: { type: 'string', description: 'Only what comes after the one of this id.' },
  }
}
