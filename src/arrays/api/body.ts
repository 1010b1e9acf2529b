import type { FastifyRequest } from 'fastify'
import type { z } from '../../sdk.ts'
import { ArrayFailure } from '../model/failures.ts'
import { invalidInput } from './invalid-input.ts'

/** The JSON of a request, which must be as the schema has it. Throws ArrayFailure. */
export function bodyOf<Schema extends z.ZodType>({ headers, body }: FastifyRequest, schema: Schema): z.output<Schema> {
  const type = headers['content-type'] ?? ''
  if (type !== '' && type.split(';')[0]!.trim().toLowerCase() !== 'application/json') throw new ArrayFailure('InvalidContentType', [type])
  if (typeof body !== 'string' || body.trim() === '') throw new ArrayFailure('BadRequest')
  if (type === '') throw new ArrayFailure('InvalidContentType', ['None'])
  const value = parsed(body)
  const { data, error } = schema.safeParse(value)
  if (error) throw invalidInput(value, error)
  return data
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new ArrayFailure('MalformedRequestBody', ['cannot understand JSON'])
  }
}
