/** Texts of lines have a character for each byte here, so that places in them are places in the bytes; `utf8` says what they mean. */
export const utf8 = (bytes: string): string => (/[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString() : bytes)

/** The place behind a text in quotes that begins at `at`. Throws SyntaxError when it does not end. */
export function afterQuoted(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i + 1
  }
  throw new SyntaxError('a quote is not closed')
}

/** What a text in quotes says. A backslash before anything but `\`, `"` and `n` is itself. */
export const unquoted = (quoted: string): string => unescaped(quoted.slice(1, -1), /\\([\\"n])/g)

/** What the text of a HELP line says: the older format does not escape quotes. */
export const unescapedHelp = (text: string, format: 'text' | 'openmetrics'): string =>
  unescaped(text, format === 'text' ? /\\([\\n])/g : /\\([\\"n])/g)

const unescaped = (text: string, escapes: RegExp): string =>
  utf8(text.includes('\\') ? text.replace(escapes, (_, character: string) => (character === 'n' ? '\n' : character)) : text)

/** The place behind what `pattern`, a sticky expression, matches at `at`. */
export function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}

export const blanks = /[ \t]*/y
