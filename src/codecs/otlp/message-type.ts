/**
 * A kind of message of Protocol Buffers, as data: what the binary form and the JSON form of it are both read and written by.
 * `T` is what such a message is in JavaScript; all of it may be absent.
 */
export interface MessageType<T = unknown> {
  readonly fields: readonly Field[]
  readonly byNumber: ReadonlyMap<number, Field>
  /** Only for the type. */
  readonly message?: T
}

export interface Field {
  /** As in JSON: lowerCamelCase. */
  readonly name: string
  readonly number: number
  readonly kind: Scalar | MessageType
  readonly repeated: boolean
}

/** What scalars are in JavaScript. `id` is bytes, in hexadecimal; `time` a fixed64 that no number is exact enough for. */
interface Scalars {
  readonly string: string
  readonly bytes: Uint8Array
  readonly id: string
  readonly bool: boolean
  readonly enum: number
  readonly uint32: number
  readonly sint32: number
  readonly int64: number | bigint
  readonly uint64: number
  readonly fixed64: number
  readonly sfixed64: number
  readonly time: bigint
  readonly double: number
}

export type Scalar = keyof Scalars

type Kind = Scalar | MessageType
type Shape = Readonly<Record<string, readonly [number: number, kind: Kind | readonly [repeated: Kind]]>>
type Held<K> = K extends Scalar
  ? Scalars[K]
  : K extends readonly [infer E]
    ? readonly Held<E>[]
    : K extends MessageType<infer T>
      ? T
      : never
type Message<S extends Shape> = { readonly [N in keyof S]?: Held<S[N][1]> | undefined }

/** What a message of a type holds. */
export type MessageOf<T> = T extends MessageType<infer M> ? M : never

/** A type by its fields: `name: [number, kind]`, or `name: [number, [kind]]` where it is repeated. They are asked for at the first use. */
export function message<const S extends Shape>(shape: () => S): MessageType<Message<S>> {
  let fields: readonly Field[] | undefined
  let byNumber: ReadonlyMap<number, Field> | undefined
  return {
    get fields() {
      fields ??= Object.entries(shape()).map(([name, [number, kind]]) =>
        isRepeated(kind) ? { name, number, kind: kind[0], repeated: true } : { name, number, kind, repeated: false },
      )
      return fields
    },
    get byNumber() {
      byNumber ??= new Map(this.fields.map((field) => [field.number, field]))
      return byNumber
    },
  }
}

const isRepeated = (kind: Kind | readonly [Kind]): kind is readonly [Kind] => Array.isArray(kind)
