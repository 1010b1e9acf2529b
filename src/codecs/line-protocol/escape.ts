/**
 * Names and tag values of line protocol (https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/). Who reads a
 * backslash for what differs, so there is more than one way to write it. In none can a line end or a tab be said: they become
 * `\n`, `\r`, `\t` in two characters, as InfluxData's own clients write them.
 */
export interface Escape {
  measurement(text: string): string
  /** Of tags: keys and values. */
  tag(text: string): string
  /** Of fields: keys. */
  field(text: string): string
}

/**
 * - `guarded`: nobody takes an escaped character for the end. Backslashes are doubled before one, and stand for themselves elsewhere.
 * - `literal`: InfluxDB 1 and 2 read back what was written. A backslash always stands for itself.
 * - `escaped`: InfluxDB 3 reads back what was written. Every backslash is doubled.
 */
export type Backslashes = 'guarded' | 'literal' | 'escaped'

export const escapes: Readonly<Record<Backslashes, Escape>> = {
  guarded: {
    measurement: escaping((text) => withoutLast(text).replace(/(\\*)([, ])/g, '$1$1\\$2')),
    tag: escaping((text) => withoutLast(text).replace(/(\\*)([,= ])/g, '$1$1\\$2')),
    field: escaping((text) => withoutLast(text).replace(/(\\*)([,= ])/g, '$1$1\\$2')),
  },
  literal: {
    // With a backslash before one of these, InfluxDB 1.6 stores it where no query finds it.
    measurement: escaping((text) =>
      withoutLast(text)
        .replace(/\\+(?=[,= "])/g, '')
        .replace(/[, ]/g, '\\$&'),
    ),
    tag: escaping((text) => withoutLast(text).replace(/[,= ]/g, '\\$&')),
    // Read twice: for where it ends, in which two backslashes are a pair, and for what it says, in which they are not.
    field: escaping((text) =>
      withoutLast(text)
        .replace(/(\\*)([,= ])/g, (_run, before: string, end: string) => `${before}${before.length % 2 ? '\\' : ''}\\${end}`)
        .replace(/\\"/g, '\\\\"'),
    ),
  },
  escaped: {
    measurement: escaping((text) => text.replace(/[\\, ]/g, '\\$&')),
    tag: escaping((text) => text.replace(/[\\,= ]/g, '\\$&')),
    field: escaping((text) => text.replace(/[\\,= ]/g, '\\$&')),
  },
}

const plain = /^[^\\,= \n\r\t]*$/
const lineEnds: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escaping(change: (text: string) => string): (text: string) => string {
  return (text) => (plain.test(text) ? text : change(text).replace(/[\n\r\t]/g, (character) => lineEnds[character]!))
}

/** A backslash at the end would escape what follows. */
const withoutLast = (text: string): string => text.replace(/(?<!\\)\\+$/, '')
