/** What a column holds, from which its physical and logical type follow. Times are in UTC. */
export type LeafType = 'text' | 'json' | 'double' | 'int32' | 'int64' | 'boolean' | 'milliseconds' | 'nanoseconds'

/** A field of a file's schema, with the values that it takes: null for an optional one that is not there. */
export type Field = {
  readonly name: string
  readonly optional: boolean
} & (
  | { readonly type: LeafType }
  /** Takes an array with a value for each. */
  | { readonly group: readonly Field[] }
  /** Takes an array of any length. */
  | { readonly list: Field }
  /** Takes an array of arrays of two, a key and its value. */
  | { readonly map: readonly [key: Field, value: Field] }
)

export const leaf = (name: string, type: LeafType): Field => ({ name, type, optional: false })
export const group = (name: string, ...fields: Field[]): Field => ({ name, group: fields, optional: false })
/** The name of an element is as the format wants it, like those of a map's key and value. */
export const list = (name: string, element: LeafType): Field => ({ name, list: leaf('element', element), optional: false })
export const listOf = (name: string, ...fields: Field[]): Field => ({ name, list: group('element', ...fields), optional: false })
export const textMap = (name: string): Field => ({ name, map: [leaf('key', 'text'), leaf('value', 'text')], optional: false })
export const optional = (field: Field): Field => ({ ...field, optional: true })
