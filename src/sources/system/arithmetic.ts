/** What is in use; undefined where the two numbers are not known or do not fit together. */
export const used = (total: number | undefined, free: number | undefined): number | undefined =>
  total === undefined || free === undefined || free > total ? undefined : total - free

/** `part` of `whole`, from 0 to `of`; undefined where there is no whole or the two do not fit together. */
export const share = (part: number | undefined, whole: number | undefined, of = 1): number | undefined =>
  part === undefined || whole === undefined || whole === 0 || part > whole ? undefined : (of * part) / whole

/** The arithmetic mean of what is known; undefined when nothing is. */
export function mean(values: Iterable<number | undefined>): number | undefined {
  const known = [...values].filter((value) => value !== undefined)
  return known.length > 0 ? known.reduce((sum, value) => sum + value) / known.length : undefined
}
