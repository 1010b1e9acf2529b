import type { Field } from './field.ts'
import { leafTypes } from './leaf-types.ts'
import { i32, i64, list, struct, type ThriftValue, text } from './thrift.ts'

export interface FileFacts {
  readonly fields: readonly Field[]
  readonly columnCount: number
  readonly rowCount: number
  readonly rowGroups: readonly ThriftValue[]
}

const required = 0
const optional = 1
const repeated = 2

/** Some readers mistrust the statistics of a file that does not name a program and a version. */
const createdBy = 'waybill version 1'

/** The `FileMetaData` of https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift. */
export function fileMetadata({ fields, columnCount, rowCount, rowGroups }: FileFacts): ThriftValue {
  const root = struct({ 4: text('schema'), 5: i32(fields.length) })
  const orderOfType = struct({ 1: struct({}) })
  return struct({
    1: i32(1),
    2: list([root, ...fields.flatMap(elements)]),
    3: i64(rowCount),
    4: list(rowGroups),
    6: text(createdBy),
    7: list(Array(columnCount).fill(orderOfType)),
  })
}

/** The field and what is below it, depth first. */
function elements(field: Field): readonly ThriftValue[] {
  const { name } = field
  const repetition = field.optional ? optional : required
  if ('type' in field) {
    const { physical, converted, logical } = leafTypes[field.type]
    const convertedType = converted === undefined ? undefined : i32(converted)
    return [struct({ 1: i32(physical), 3: i32(repetition), 4: text(name), 6: convertedType, 10: logical })]
  }
  if ('group' in field) return [group(name, repetition, field.group.length), ...field.group.flatMap(elements)]
  if ('list' in field) return [nested(name, repetition, listType), group('list', repeated, 1), ...elements(field.list)]
  return [nested(name, repetition, mapType), group('key_value', repeated, 2), ...field.map.flatMap(elements)]
}

const group = (name: string, repetition: number, children: number): ThriftValue =>
  struct({ 3: i32(repetition), 4: text(name), 5: i32(children) })

/** Converted and logical type. */
const listType = { 6: i32(3), 10: struct({ 3: struct({}) }) }
const mapType = { 6: i32(1), 10: struct({ 2: struct({}) }) }

const nested = (name: string, repetition: number, type: Record<number, ThriftValue>): ThriftValue =>
  struct({ 3: i32(repetition), 4: text(name), 5: i32(1), ...type })
