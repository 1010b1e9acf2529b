/** What an answer of 400 or 422 says of the lines that were sent. */
export type RefusedLines =
  /** Some of them are at fault, and it does not tell which. Others may have been stored. */
  | 'some'
  /** These are at fault, by their place from 0, each with the reason where it tells one; the others have been stored. */
  | ReadonlyMap<number, string | undefined>

/**
 * Reads the refusal of a request of so many lines; undefined when it is not about lines. InfluxDB 1 and 2 store the rest and tell how
 * many they dropped (`partial write: … dropped=3`), but only of one shard, and none of those that they could not parse (`unable to
 * parse '…'`). InfluxDB 3 tells each line by its number.
 */
export function refusedLines(text: string, lines: number): RefusedLines | undefined {
  if (!/partial write|unable to parse|line protocol|write_lp|\berror.* line/i.test(text)) return undefined
  const told = toldLines(text)
  if (told?.every(({ number }) => number >= 1 && number <= lines)) return new Map(told.map(({ number, reason }) => [number - 1, reason]))
  const dropped = Number(/\bdropped=(\d+)\b/.exec(text)?.[1] ?? 0)
  return dropped >= lines ? new Map(Array.from({ length: lines }, (_, line) => [line, undefined])) : 'some'
}

interface ToldLine {
  readonly number: number
  readonly reason: string
}

/** Undefined where the lines are not told, or there are so many that the text was cut. */
function toldLines(text: string): readonly ToldLine[] | undefined {
  try {
    const { data } = JSON.parse(text) as { data?: readonly { line_number: unknown; error_message: unknown }[] }
    if (!Array.isArray(data) || data.length === 0) return undefined
    return data.map(({ line_number, error_message }) => ({ number: Number(line_number), reason: String(error_message) }))
  } catch {
    return undefined
  }
}
