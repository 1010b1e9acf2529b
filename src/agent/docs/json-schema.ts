import { z } from '../../sdk.ts'
import { toSnake } from '../config/names.ts'

/** A JSON Schema (draft 2020-12), as far as it is read here. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly [keyword: string]: unknown
}

/** What may stand in the file for a schema written in code: input types, keys in snake_case. */
export function fileSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema, ...converted } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  return snake(converted)
}

function snake(schema: JsonSchema): JsonSchema {
  const out: Record<string, unknown> = {}
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'aliases') continue
    if (keyword === 'properties')
      out[keyword] = Object.fromEntries(
        Object.entries(value as Record<string, JsonSchema>).map(([key, child]) => [toSnake(key), snake(child)]),
      )
    else if (keyword === 'required') out[keyword] = (value as string[]).map(toSnake)
    else if (keyword === 'default') out[keyword] = snakeValue(value)
    else if (Array.isArray(value)) out[keyword] = value.map((item: unknown) => (isSchema(item) ? snake(item) : item))
    else out[keyword] = isSchema(value) ? snake(value) : value
  }
  if (out.properties && out.additionalProperties === undefined) out.additionalProperties = false
  return out as JsonSchema
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A default that is an object is written in the file's spelling too. */
function snakeValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeValue)
  return isSchema(value) ? Object.fromEntries(Object.entries(value).map(([key, child]) => [toSnake(key), snakeValue(child)])) : value
}
