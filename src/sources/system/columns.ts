/** The words of a line, however many spaces stand between them. */
export const columns = (line: string): string[] => line.split(' ').filter((word) => word !== '')

const beyondCounters = 2 ** 64

/** A number that the kernel can have meant: not negative and of 64 bits. Undefined for any other text. */
export function amount(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const value = Number(text)
  return value >= 0 && value < beyondCounters ? value : undefined
}
