import { type Attributes, type Resource, resource, type Scope, scope } from '../attributes.ts'
import { ByteReader } from '../byte-reader.ts'
import { ByteWriter } from '../byte-writer.ts'
import type { Dictionary } from '../record-type.ts'
import type { Table } from '../rows.ts'
import { type Kind, type Series, series } from '../series.ts'
import { readValue, writeValue } from './values.ts'

type Entry = Series | Resource | Scope | Table

const kinds = { resource: 0, scope: 1, series: 2, table: 3 } as const

/**
 * What records share, each written once and called by its number from then on: series, resources, scopes and tables. The
 * same class writes and reads; what it has defined anew goes where a reader will find it before the records that use it.
 */
export class BatchDictionary implements Dictionary {
  readonly #numbers = new Map<Entry, number>()
  readonly #entries: Entry[] = []
  readonly #added = new ByteWriter(1024)
  /** Encodes without a start of its own each time. */
  readonly writer = new ByteWriter(4096)

  takeAdded(): Uint8Array | undefined {
    if (this.#added.length === 0) return undefined
    const added = this.#added.take()
    this.#added.clear()
    return added
  }

  add(definitions: Uint8Array): void {
    const reader = new ByteReader(definitions)
    while (reader.left > 0) {
      const number = reader.varint()
      this.#entries[number] = this.#read(reader)
    }
  }

  series(it: Series): number {
    return this.#numbers.get(it) ?? this.#define(it, kinds.series, this.#fieldsOf(it))
  }

  resource(it: Resource): number {
    return this.#numbers.get(it) ?? this.#define(it, kinds.resource, it.attributes)
  }

  scope(it: Scope): number {
    return this.#numbers.get(it) ?? this.#define(it, kinds.scope, [it.name, it.version, it.attributes])
  }

  table(it: Table): number {
    return this.#numbers.get(it) ?? this.#define(it, kinds.table, it)
  }

  /** The entry of that number. Throws a RangeError when it was not defined. */
  at(number: number): Entry {
    const entry = this.#entries[number]
    if (entry === undefined) throw new RangeError(`number ${number} is not in the dictionary`)
    return entry
  }

  #fieldsOf({ name, labels, kind, temporality, monotonic, unit, help, resource, scope }: Series): readonly unknown[] {
    const from = resource && this.resource(resource)
    const by = scope && this.scope(scope)
    return [name, Object.fromEntries(labels), kind, temporality, monotonic, unit, help, from, by]
  }

  #define(entry: Entry, kind: number, value: unknown): number {
    const number = this.#numbers.size
    this.#numbers.set(entry, number)
    this.#added.varint(number)
    this.#added.byte(kind)
    writeValue(this.#added, value)
    return number
  }

  #read(reader: ByteReader): Entry {
    const kind = reader.byte()
    const value = readValue(reader)
    if (kind === kinds.resource) return resource(value as Attributes)
    if (kind === kinds.table) return value as Table
    if (kind === kinds.scope) {
      const [name, version, attributes] = value as [string, string | undefined, Attributes | undefined]
      return scope(name, version, attributes)
    }
    if (kind !== kinds.series) throw new RangeError(`no definition begins with ${kind}`)
    const [name, labels, of, temporality, monotonic, unit, help, from, by] = value as [
      string,
      Record<string, string>,
      Kind,
      Series['temporality'],
      boolean | undefined,
      string | undefined,
      string | undefined,
      number | undefined,
      number | undefined,
    ]
    return series(name, labels, {
      kind: of,
      ...(temporality !== undefined && { temporality }),
      ...(monotonic !== undefined && { monotonic }),
      ...(unit !== undefined && { unit }),
      ...(help !== undefined && { help }),
      ...(from !== undefined && { resource: this.at(from) as Resource }),
      ...(by !== undefined && { scope: this.at(by) as Scope }),
    })
  }
}
