/**
 * Messages in JSON, as OTLP has it: proto3's mapping (https://protobuf.dev/programming-guides/json/) with ids in hexadecimal and enumerations
 * as numbers (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
 */
import type { Field, MessageType, Scalar } from './message-type.ts'

/** The message as a value that JSON.stringify can say. */
export function toJson<T>(type: MessageType<T>, message: T): object {
  const values = message as Readonly<Record<string, unknown>>
  const json: Record<string, unknown> = {}
  for (const { name, kind, repeated } of type.fields) {
    const value = values[name]
    if (value === undefined) continue
    json[name] = repeated ? (value as readonly unknown[]).map((element) => elementJson(kind, element)) : elementJson(kind, value)
  }
  return json
}

function elementJson(kind: Scalar | MessageType, value: unknown): unknown {
  if (typeof kind !== 'string') return toJson(kind, value)
  switch (kind) {
    case 'bytes':
      return Buffer.from(value as Uint8Array).toString('base64')
    case 'double':
      return Number.isFinite(value) ? value : String(value)
    case 'int64':
    case 'uint64':
    case 'fixed64':
    case 'sfixed64':
    case 'time':
      return String(value)
    default:
      return value
  }
}

/** The fields of a message, to stand among others of an object. */
export const fieldsText = <T>(type: MessageType<T>, message: T): string => JSON.stringify(toJson(type, message)).slice(1, -1)

const deepest = 100

/** The message that a value of JSON.parse is; what the type does not know is passed over. Throws an Error that says where it is none. */
export function fromJson<T>(type: MessageType<T>, json: unknown, path = '$', depth = 0): T {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw wrong(path, 'an object')
  if (depth > deepest) throw new Error(`not a message of OTLP, at ${path.slice(0, 100)}…: more than ${deepest} messages within each other`)
  const message: Record<string, unknown> = {}
  for (const field of type.fields) {
    const value = (json as Readonly<Record<string, unknown>>)[field.name]
    if (value !== undefined && value !== null) message[field.name] = fieldFrom(field, value, `${path}.${field.name}`, depth)
  }
  return message as T
}

function fieldFrom({ kind, repeated }: Field, json: unknown, path: string, depth: number): unknown {
  const element = (value: unknown, at: string) =>
    typeof kind === 'string' ? scalarFrom(kind, value, at) : fromJson(kind, value, at, depth + 1)
  if (!repeated) return element(json, path)
  if (!Array.isArray(json)) throw wrong(path, 'an array')
  return json.map((value, index) => element(value, `${path}[${index}]`))
}

function scalarFrom(kind: Scalar, json: unknown, path: string): unknown {
  switch (kind) {
    case 'string':
      if (typeof json === 'string') return json
      throw wrong(path, 'a text')
    case 'id':
      if (typeof json === 'string' && /^([\da-f]{2})*$/i.test(json)) return json.toLowerCase()
      throw wrong(path, 'bytes in hexadecimal')
    case 'bytes':
      if (typeof json === 'string') return new Uint8Array(Buffer.from(json, 'base64'))
      throw wrong(path, 'bytes in base64')
    case 'bool':
      if (typeof json === 'boolean') return json
      throw wrong(path, 'true or false')
    case 'double':
      return doubleFrom(json, path)
    default: {
      const value = integerFrom(json, path)
      if (kind === 'time') return BigInt.asUintN(64, value)
      return kind === 'int64' && !Number.isSafeInteger(Number(value)) ? value : Number(value)
    }
  }
}

function doubleFrom(json: unknown, path: string): number {
  if (typeof json === 'number') return json
  const value = typeof json === 'string' && json !== '' ? Number(json) : Number.NaN
  if (Number.isNaN(value) && json !== 'NaN') throw wrong(path, 'a number')
  return value
}

function integerFrom(json: unknown, path: string): bigint {
  if (typeof json === 'number' && Number.isInteger(json)) return BigInt(json)
  if (typeof json === 'string' && /^-?\d{1,20}$/.test(json)) return BigInt(json)
  throw wrong(path, 'a whole number')
}

const wrong = (path: string, expected: string): Error => new Error(`not a message of OTLP, at ${path}: not ${expected}`)
