import { BoundedMap } from './bounded-map.ts'

/** Values of attributes on resources, spans and logs, as in OpenTelemetry. */
export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | null
  | readonly AttributeValue[]
  | { readonly [name: string]: AttributeValue }

export type Attributes = Readonly<Record<string, AttributeValue>>

/** What produced the data: the same attributes give the same object, see `resource`. */
export interface Resource {
  /** Its identity. */
  readonly key: string
  readonly attributes: Attributes
}

/** The library that produced the data: the same arguments give the same object, see `scope`. */
export interface Scope {
  /** Its identity. */
  readonly key: string
  readonly name: string
  readonly version?: string
  readonly attributes?: Attributes
}

const limit = 10_000
const resources = new BoundedMap<Resource>(limit)
const scopes = new BoundedMap<Scope>(limit)

/** The resource with these attributes, interned in a table of at most 10,000. */
export function resource(attributes: Attributes): Resource {
  const key = stableKey(attributes)
  return intern(resources, key, () => Object.freeze({ key, attributes: { ...attributes } }))
}

/** The instrumentation scope of this name, version and attributes, interned in a table of at most 10,000. */
export function scope(name: string, version?: string, attributes?: Attributes): Scope {
  const key = stableKey({ name, version: version ?? '', attributes: attributes ?? {} })
  return intern(scopes, key, () =>
    Object.freeze({ key, name, ...(version !== undefined && { version }), ...(attributes && { attributes: { ...attributes } }) }),
  )
}

function intern<T>(table: BoundedMap<T>, key: string, make: () => T): T {
  const known = table.get(key)
  if (known) return known
  const made = make()
  table.set(key, made)
  return made
}

/** Injective over attribute values: objects by sorted name, bigint and bytes marked. */
function stableKey(value: AttributeValue): string {
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Uint8Array) return `b${JSON.stringify(Buffer.from(value).toString('base64'))}`
  if (Array.isArray(value)) return `[${value.map(stableKey).join()}]`
  if (typeof value === 'object' && value !== null) {
    const names = Object.keys(value).sort()
    return `{${names.map((name) => `${JSON.stringify(name)}:${stableKey((value as Attributes)[name]!)}`).join()}}`
  }
  return typeof value === 'number' ? String(Object.is(value, -0) ? '-0' : value) : JSON.stringify(value)
}
