import { jsonText } from '../../codecs/text/json-value.ts'
import type { Attributes, AttributeValue } from '../../sdk.ts'

/** Of what New Relic takes in attributes. */
export type FlatAttributes = Readonly<Record<string, string | number | boolean>>

/** Attributes as New Relic takes them: texts, numbers and booleans; what is empty is left out, anything else is text of JSON. */
export function flat(attributes: Attributes | undefined): FlatAttributes {
  return Object.fromEntries(
    Object.entries(attributes ?? {}).flatMap(([name, value]) => (value === null || value === '' ? [] : [[name, plain(value)]])),
  )
}

function plain(value: AttributeValue): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value)
  return typeof value === 'bigint' ? String(value) : jsonText(value).replace(/^"(.*)"$/, '$1')
}
