import { existsSync } from 'node:fs'
import { join, parse } from 'node:path'

/** The path of a part: the file itself for the first, `name.part2.csv` and so on for the others. */
export function partPath(path: string, part: number): string {
  if (part === 1) return path
  const { dir, name, ext } = parse(path)
  return join(dir, `${name}.part${part}${ext}`)
}

/** The number of the last part that there is without a gap before it; 1 when there is none but the first. */
export function lastPart(path: string): number {
  let part = 1
  while (existsSync(partPath(path, part + 1))) part++
  return part
}

/** The paths of all parts up to the last. */
export const partPaths = (path: string): readonly string[] =>
  Array.from({ length: lastPart(path) }, (_, index) => partPath(path, index + 1))
