import { jsonText, nonFinite } from '../text/json-value.ts'

const needsQuotes = /[",\r\n]/
const formula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/

/**
 * A value as a CSV field: empty for null, undefined and NaN, `""` for empty text, `+Inf` and `-Inf`, JSON for an object, and
 * in quotes (those inside it doubled) where it holds a comma, a quote or a line end.
 */
export function csvCell(value: unknown, escapeFormulas = false): string {
  if (value === null || value === undefined || Number.isNaN(value)) return ''
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : nonFinite(value)
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  const plain = typeof value === 'string' ? value : jsonText(value)
  const text = escapeFormulas ? withoutFormula(plain) : plain
  return text === '' || needsQuotes.test(text) ? `"${text.replace(/"/g, '""')}"` : text
}

/** Text with an apostrophe in front where a spreadsheet would take it for a formula. */
export const withoutFormula = (text: string): string => (formula.test(text) ? `'${text}` : text)

/** A record with its line end. */
export const csvLine = (cells: readonly unknown[], escapeFormulas = false): string =>
  `${cells.map((cell) => csvCell(cell, escapeFormulas)).join()}\r\n`
