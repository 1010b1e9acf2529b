import type { Point } from '../../sdk.ts'

/** The indexes of points in parts of at most `most`, in the order of their times where it matters: when there is more than one part. */
export function chunksOf(points: readonly Point[], most: number): readonly (readonly number[])[] {
  const indexes = [...points.keys()]
  if (indexes.length <= most) return [indexes]
  indexes.sort((a, b) => points[a]!.timeMs - points[b]!.timeMs)
  return Array.from({ length: Math.ceil(indexes.length / most) }, (_, part) => indexes.slice(part * most, (part + 1) * most))
}
