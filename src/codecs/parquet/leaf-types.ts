import { Booleans } from './booleans.ts'
import { DistinctValues } from './distinct-values.ts'
import { Doubles } from './doubles.ts'
import type { LeafType } from './field.ts'
import { int32, int64, utf8 } from './plain.ts'
import { bool, struct, type ThriftValue } from './thrift.ts'
import type { Values } from './values.ts'

interface LeafTypeDescription {
  /** `Type` of Parquet's metadata. */
  readonly physical: number
  values(): Values<never>
  /** `ConvertedType`, for readers older than logical types. */
  readonly converted?: number
  /** `LogicalType`, a union. */
  readonly logical?: ThriftValue
}

const none = struct({})
const timestamp = (unit: ThriftValue): ThriftValue => struct({ 8: struct({ 1: bool(true), 2: unit }) })

/** Numbers are those of https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift. */
export const leafTypes: Readonly<Record<LeafType, LeafTypeDescription>> = {
  text: { physical: 6, values: () => new DistinctValues(utf8), converted: 0, logical: struct({ 1: none }) },
  json: { physical: 6, values: () => new DistinctValues(utf8), converted: 19, logical: struct({ 12: none }) },
  double: { physical: 5, values: () => new Doubles() },
  int32: { physical: 1, values: () => new DistinctValues(int32) },
  int64: { physical: 2, values: () => new DistinctValues(int64) },
  boolean: { physical: 0, values: () => new Booleans() },
  milliseconds: { physical: 2, values: () => new DistinctValues(int64), converted: 9, logical: timestamp(struct({ 1: none })) },
  nanoseconds: { physical: 2, values: () => new DistinctValues(int64), logical: timestamp(struct({ 3: none })) },
}
