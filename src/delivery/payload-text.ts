import type { Secret } from '../core/secret.ts'

const shown = '[redacted]'

/** Names of what nobody else may see. */
const sensitive =
  /authori[sz]ation|\bauth\b|cookie|credential|licen[cs]e.?key|passw|\bpwd\b|secret|token|(api|app|access|private|account|signing).?key/i

/** How much of a payload is shown. */
const mostCharacters = 8192

/** What is shorter is no secret, and would blot out half of every text. */
const leastSecret = 4

/**
 * Data as JSON for a log, at most its first 8,192 characters. Secrets are redacted: every `Secret`, the text of those in
 * `secrets` wherever it stands (from 4 characters on), what has the name of a secret (`api_key`, `Authorization`, a label or
 * a column likewise), and user names, passwords and keys in addresses. Everything else is shown.
 */
export function payloadText(data: unknown, secrets: Iterable<Secret> = []): string {
  let text: string
  try {
    text = JSON.stringify(data, legible) ?? String(data)
  } catch {
    return '(cannot be shown as JSON)'
  }
  const known = [...secrets].map((secret) => secret.reveal()).filter((secret) => secret.length >= leastSecret)
  const spellings = known.map((secret) => JSON.stringify(secret).slice(1, -1)).sort((a, b) => b.length - a.length)
  for (const spelling of spellings) text = text.replaceAll(spelling, shown)
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}… (${text.length} characters)` : text
}

function legible(this: unknown, name: string, value: unknown): unknown {
  const holder = this as Readonly<Record<string, unknown>>
  // The identity of a series or resource repeats its labels as one text.
  if (name === 'key' && ('labels' in holder || 'attributes' in holder)) return undefined
  if (value !== null && sensitive.test(name)) return shown
  if (holder[name] instanceof Uint8Array) return `(${holder[name].length} bytes)`
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'string') return withoutCredentials(value)
  if (isNamed(value) && sensitive.test(value[0])) return [value[0], shown]
  return isRows(value) ? { ...value, rows: value.rows.map((row) => named(value.table.columns, row)) } : value
}

const withoutCredentials = (text: string): string =>
  text
    .replace(/(\w:\/\/)[^\s/?#]+@/g, `$1${shown}@`)
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${shown}`)
    .replace(/([?&]([^=&\s]+)=)[^&#\s]+/g, (whole, start: string, name: string) => (sensitive.test(name) ? start + shown : whole))

/** A label, or anything else written as a name and its value. */
const isNamed = (value: unknown): value is [string, unknown] => Array.isArray(value) && value.length === 2 && typeof value[0] === 'string'

interface Rows {
  readonly table: { readonly columns: readonly { readonly name: string }[] }
  readonly rows: readonly (readonly unknown[])[]
}

const isRows = (value: unknown): value is Rows => typeof value === 'object' && value !== null && 'table' in value && 'rows' in value

const named = (columns: Rows['table']['columns'], row: readonly unknown[]): object =>
  Object.fromEntries(columns.map(({ name }, index) => [name, row[index]]))
