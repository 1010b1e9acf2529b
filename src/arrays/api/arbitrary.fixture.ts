/** Values that fit a JSON Schema, and values that do not, as fast-check makes them. */
import fc from 'fast-check'

export interface Schema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

/** Mostly what fits; now and then, at any depth, something else in its place. */
export function arbitraryOf(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 15, arbitrary: fitting(schema) }, { weight: 1, arbitrary: strange })
}

const strange = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(...['', '\0', '\ud800', "' OR 1=1 --", '../../etc/passwd', '%00', '__proto__', -1, 2 ** 53, 1e308, null, [], {}]),
)

function fitting(schema: Schema): fc.Arbitrary<unknown> {
  const { type, enum: values, anyOf } = schema
  if (anyOf) return fc.oneof(...anyOf.map(fitting))
  if (values) return fc.constantFrom(...values)
  if ('const' in schema) return fc.constant(schema.const)
  if (type === 'object') return objectOf(schema)
  if (type === 'array') return fc.array(arbitraryOf(schema.items ?? {}), { maxLength: 3 })
  if (type === 'boolean') return fc.boolean()
  if (type === 'null') return fc.constant(null)
  if (type === 'integer' || type === 'number')
    return fc.integer({ min: Math.max(-(2 ** 31), schema.minimum ?? -(2 ** 31)), max: Math.min(2 ** 31, schema.maximum ?? 2 ** 31) })
  if (type === 'string') return stringOf(schema)
  return fc.jsonValue()
}

function stringOf({ pattern, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern))
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, minLength + 40) })
}

function objectOf({ properties = {}, required = [], additionalProperties }: Schema): fc.Arbitrary<unknown> {
  const known = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, arbitraryOf(schema)]))
  const record = fc.record(known, { requiredKeys: required.filter((name) => name in known) })
  if (typeof additionalProperties !== 'object') return record
  return fc
    .tuple(record, fc.dictionary(fc.string(), arbitraryOf(additionalProperties), { maxKeys: 3 }))
    .map(([one, other]) => ({ ...other, ...one }))
}
