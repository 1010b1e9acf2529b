/**
 * Names and tag values of line protocol (https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/).
 * A line end and a tab cannot be said there: they become `\n`, `\r`, `\t` in two characters, as InfluxData's own clients write
 * them. Nor can a backslash at the end: it is left off. Backslashes before a character that is escaped are doubled, so that
 * no server takes that character for the end; elsewhere they stand for themselves, as InfluxDB 1 and 2 read them.
 */
export const escapeMeasurement = (text: string): string => escaped(text, /(?<!\\)(\\*)([, ])/g)

/** Of tag keys, tag values and field keys. */
export const escapeKey = (text: string): string => escaped(text, /(?<!\\)(\\*)([,= ])/g)

const plain = /^[^\\,= \n\r\t]*$/
const lineEnds: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escaped(text: string, special: RegExp): string {
  if (plain.test(text)) return text
  return text
    .replace(/(?<!\\)\\+$/, '')
    .replace(special, '$1$1\\$2')
    .replace(/[\n\r\t]/g, (character) => lineEnds[character]!)
}
