import type { z } from 'zod'
import { toSnake } from '../config/names.ts'
import { shapeOf, unwrap } from '../config/shape.ts'
import { metaOf } from '../config/spellings.ts'

/** A setting that has another name. */
export interface AliasRow {
  /** Where it may stand, with the other name. */
  readonly alias: string
  /** What it stands for. */
  readonly path: string
  /** What values mean there, where that differs: `true` is `drop_oldest`. */
  readonly values: string
}

/** Every other name of a setting in the schema, nested ones by their paths. */
export function aliasRows(schema: z.ZodType, prefix = ''): readonly AliasRow[] {
  return Object.entries(shapeOf(schema) ?? {}).flatMap(([key, child]) => {
    const { aliases = {}, title } = metaOf(child)
    const own = Object.entries(aliases).map(([alias, meanings]) => {
      const unit = title === 'duration' ? '_seconds' : title === 'size' ? '_mb' : ''
      const values = Object.entries(meanings ?? {}).map(([value, meaning]) => `\`${value}\` is \`${meaning}\``)
      return { alias: `${prefix}${alias}${unit}`, path: `${prefix}${toSnake(key)}`, values: values.join(', ') }
    })
    const { element } = unwrap(child)._zod.def as unknown as { element?: z.ZodType }
    const path = `${prefix}${toSnake(key)}`
    return [...own, ...aliasRows(child, `${path}.`), ...(element ? aliasRows(element, `${path}[].`) : [])]
  })
}
