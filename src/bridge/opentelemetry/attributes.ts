import { type Attributes, type AttributeValue, type Resource, resource, type Scope, scope } from '../../core/index.ts'
import type { SdkResource, SdkScope } from './sdk-types.ts'

/** Whatever an application has put there, as attributes; what is undefined is left out. */
export function attributesOf(given: object): Attributes {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries.map(([name, value]) => [name, attributeValue(value)]))
}

/** What is no value of an attribute is its text. */
export function attributeValue(value: unknown): AttributeValue {
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) return value.map(attributeValue)
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return value
    case 'object':
      return value instanceof Uint8Array ? value : attributesOf(value)
    default:
      return String(value)
  }
}

export interface Origin {
  readonly resource: Resource
  readonly scope: Scope
}

export const originOf = ({ attributes }: SdkResource, { name, version, attributes: ofScope }: SdkScope): Origin => ({
  resource: resource(attributesOf(attributes)),
  scope: scope(name, version || undefined, ofScope && attributesOf(ofScope)),
})
