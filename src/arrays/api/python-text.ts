import { secretFields } from '../model/access.ts'

/** A value of JSON as messages of this API have always shown it, which is how Python does; what is a secret is not shown. */
export function pythonText(value: unknown, field?: PropertyKey): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value !== 'object') {
    if (typeof value === 'string') return quoted(typeof field === 'string' && secretFields.includes(field) && value ? '[redacted]' : value)
    return String(value)
  }
  if (Array.isArray(value)) return `[${value.map((item) => pythonText(item, field)).join(', ')}]`
  return `{${Object.entries(value)
    .map(([key, item]) => `${quoted(key)}: ${pythonText(item, key)}`)
    .join(', ')}}`
}

/** In double quotes where there are single ones in it, and no double ones. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text.replace(/[\\\n\r\t\p{Cc}]/gu, (character) => escapes[character] ?? hexadecimal(character))
  return `${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const hexadecimal = (character: string): string => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
