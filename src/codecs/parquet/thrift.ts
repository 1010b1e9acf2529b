import type { ByteWriter } from '../../core/index.ts'

/**
 * Values in Thrift's compact protocol (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md), as far
 * as the metadata of Parquet is made of them.
 */
export interface ThriftValue {
  /** Of a field or an element. */
  readonly type: number
  write(writer: ByteWriter): void
}

export const bool = (value: boolean): ThriftValue => ({ type: value ? 1 : 2, write: () => {} })
export const i8 = (value: number): ThriftValue => ({ type: 3, write: (writer) => writer.byte(value & 0xff) })
export const i32 = (value: number): ThriftValue => ({ type: 5, write: (writer) => writer.varint(zigzag(value)) })
/** Of at most 2⁵². */
export const i64 = (value: number): ThriftValue => ({ type: 6, write: (writer) => writer.varint(zigzag(value)) })

export const binary = (bytes: Uint8Array): ThriftValue => ({
  type: 8,
  write: (writer) => {
    writer.varint(bytes.length)
    writer.bytes(bytes)
  },
})

export const text = (value: string): ThriftValue => binary(Buffer.from(value))

/** Of values that are all of one type, which must not be `bool`. */
export const list = (values: readonly ThriftValue[]): ThriftValue => ({
  type: 9,
  write: (writer) => {
    const type = values[0]?.type ?? 0
    if (values.length < 15) writer.byte((values.length << 4) | type)
    else {
      writer.byte(0xf0 | type)
      writer.varint(values.length)
    }
    for (const value of values) value.write(writer)
  },
})

/** Fields by their numbers, 1 to 15; those that are undefined are left out. Also a union, with one field. */
export const struct = (fields: Readonly<Record<number, ThriftValue | undefined>>): ThriftValue => ({
  type: 12,
  write: (writer) => {
    let last = 0
    for (const [name, value] of Object.entries(fields)) {
      if (value === undefined) continue
      const id = Number(name)
      writer.byte(((id - last) << 4) | value.type)
      value.write(writer)
      last = id
    }
    writer.byte(0)
  },
})

const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value)
