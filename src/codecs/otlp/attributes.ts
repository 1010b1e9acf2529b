import type { Attributes, AttributeValue } from '../../core/index.ts'
import type { AnyValue, KeyValue } from './messages.ts'

/** Attributes as OTLP lists them; undefined for none. */
export function keyValues(attributes: Attributes | undefined): readonly KeyValue[] | undefined {
  if (!attributes) return undefined
  const entries = Object.entries(attributes)
  return entries.length === 0 ? undefined : entries.map(([key, value]) => ({ key, value: anyValue(value) }))
}

/** A whole number is an integer; one beyond 64 bits is a text of its digits. Null is a value without any field. */
export function anyValue(value: AttributeValue): AnyValue {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0) ? { intValue: value } : { doubleValue: value }
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? { intValue: value } : { stringValue: String(value) }
  if (value === null) return {}
  if (value instanceof Uint8Array) return { bytesValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: keyValues(value as Attributes) ?? [] } }
}

/** The attributes of a list; undefined for none. */
export function attributesOf(list: readonly KeyValue[] | undefined): Attributes | undefined {
  if (!list?.length) return undefined
  return Object.fromEntries(list.map(({ key = '', value }) => [key, attributeValue(value)]))
}

export function attributeValue(value: AnyValue | undefined): AttributeValue {
  if (value?.arrayValue) return (value.arrayValue.values ?? []).map(attributeValue)
  if (value?.kvlistValue) return attributesOf(value.kvlistValue.values) ?? {}
  return value?.stringValue ?? value?.boolValue ?? value?.intValue ?? value?.doubleValue ?? value?.bytesValue ?? null
}
