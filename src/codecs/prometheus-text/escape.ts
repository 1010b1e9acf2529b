/** Of the value of a label, in both formats. Halves of surrogate pairs, which no UTF-8 has, become U+FFFD. */
export const escapeValue = (text: string): string => (plain.test(text) ? text : text.toWellFormed().replace(/[\\"\n]/g, escaped))

/** Most values are: to see it costs less than to copy them. */
const plain = /^[ !#-[\]-~]*$/

/** Of a help text: OpenMetrics escapes quotes there too, the older format does not know that. */
export const escapeHelp = (text: string, format: 'text' | 'openmetrics'): string =>
  text.toWellFormed().replace(format === 'text' ? /[\\\n]/g : /[\\"\n]/g, escaped)

const escaped = (character: string): string => (character === '\n' ? '\\n' : `\\${character}`)
