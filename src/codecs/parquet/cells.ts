import type { Attributes, Resource, Scope } from '../../core/index.ts'
import { jsonText } from '../text/json-value.ts'

/** Values as columns take them. Each throws a TypeError or RangeError for what no such column can hold. */

/** A surrogate without its other half becomes U+FFFD: UTF-8 has no bytes for it. */
export const textCell = (value: string): string => (value.isWellFormed() ? value : value.toWellFormed())

export const jsonCell = (value: unknown): string => textCell(jsonText(value))

/** A fraction is cut off. */
export function millisecondsCell(timeMs: number): number {
  const whole = Math.floor(timeMs)
  if (!Number.isSafeInteger(whole)) throw new RangeError(`${timeMs} is no time in milliseconds`)
  return whole
}

export function int64Cell(value: number | bigint): number | bigint {
  const fits =
    typeof value === 'bigint' ? BigInt.asIntN(64, value) === value : Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63
  if (!fits) throw new RangeError(`${value} is no integer of 64 bits`)
  return value
}

export const optionalCell = <T, C>(value: T | undefined, cell: (value: T) => C): C | undefined =>
  value === undefined ? undefined : cell(value)

export const labelCells = (labels: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(labels).map(([name, value]) => [textCell(name), textCell(value)])

export const attributesCell = (attributes: Attributes | undefined): string | undefined => attributes && jsonCell(attributes)
export const resourceCell = (resource: Resource | undefined): string | undefined => attributesCell(resource?.attributes)
/** As JSON lines have it. */
export const scopeCell = (scope: Scope | undefined): string | undefined =>
  scope && jsonCell({ name: scope.name, version: scope.version, attributes: scope.attributes })
