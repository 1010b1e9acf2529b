import type { Group } from '../groups.ts'
import type { Scale } from '../scale.ts'

/** How a series stands on the screen. */
export interface Row {
  /** The metric, as the `system` source names it with `naming: cubestat`. */
  readonly name: string
  readonly group: Group
  readonly title: string
  /** Columns that it is moved to the right, as a part of the row above. */
  readonly indent: number
  readonly scale: Scale
}

/** The indent of a row that is a part of another. */
export const partIndent = 2
