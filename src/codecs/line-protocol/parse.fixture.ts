/**
 * Line protocol as a server reads it, written from its description
 * (https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/) and from what InfluxDB 1.6 was seen to do.
 */

export type FieldValue = number | bigint | string | boolean

export interface ParsedLine {
  readonly measurement: string
  readonly tags: readonly (readonly [key: string, value: string])[]
  readonly fields: readonly (readonly [key: string, value: FieldValue])[]
  /** Nanoseconds. */
  readonly time: bigint | undefined
}

/** `escaped`: a backslash may stand before another, as InfluxDB 3 has it. `literal`: it is no special character itself, as in 1 and 2. */
export type Reading = 'escaped' | 'literal'

/** Throws an Error that says what is wrong. */
export function parseLine(line: string, reading: Reading): ParsedLine {
  const reader = new Reader(line, reading)
  const measurement = reader.name(', ', 'pairless')
  if (measurement === '') throw new Error('missing measurement')
  const tags: [string, string][] = []
  while (reader.took(',')) {
    const key = reader.name(', =', 'pairless')
    reader.expect('=')
    const value = reader.name(', ', 'pairless')
    if (key === '' || value === '') throw new Error('missing tag key or value')
    tags.push([key, value])
  }
  reader.expect(' ')
  const fields: [string, FieldValue][] = []
  do {
    const key = reader.name(', =', 'pairs')
    if (key === '') throw new Error('missing field key')
    reader.expect('=')
    fields.push([key, reader.value()])
  } while (reader.took(','))
  return { measurement, tags, fields, time: reader.took(' ') ? reader.time() : undefined }
}

class Reader {
  readonly #text: string
  readonly #reading: Reading
  #at = 0

  constructor(text: string, reading: Reading) {
    this.#text = text
    this.#reading = reading
  }

  took(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  expect(character: string): void {
    if (!this.took(character)) throw new Error(`invalid format: no ${JSON.stringify(character)} at ${this.#at} of ${this.#text}`)
  }

  /** Up to one of `ends` that is not escaped. InfluxDB 1 takes backslashes by pairs only where fields are. */
  name(ends: string, backslashes: 'pairs' | 'pairless'): string {
    const start = this.#at
    const pairs = this.#reading === 'escaped' || backslashes === 'pairs'
    for (let escaped = false; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at]!
      if (!escaped && ends.includes(character)) break
      escaped = character === '\\' && !(pairs && escaped)
    }
    const raw = this.#text.slice(start, this.#at)
    if (this.#reading === 'escaped') return raw.replace(/\\([\\,= ])/g, '$1')
    return raw.replace(backslashes === 'pairs' ? /\\([,= "])/g : /\\([,= ])/g, '$1')
  }

  value(): FieldValue {
    const [text] = /^("(\\.|[^"\\])*"|[^, ]*)/s.exec(this.#text.slice(this.#at))!
    this.#at += text.length
    if (text.startsWith('"')) return text.slice(1, -1).replace(/\\(["\\])/g, '$1')
    if (/^(t|true|T|True|TRUE)$/.test(text)) return true
    if (/^(f|false|F|False|FALSE)$/.test(text)) return false
    if (/^-?\d+i$/.test(text)) return BigInt(text.slice(0, -1))
    if (/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text)) return Number(text)
    throw new Error(`invalid number: ${text}`)
  }

  time(): bigint {
    const text = this.#text.slice(this.#at)
    if (!/^-?\d{1,19}$/.test(text)) throw new Error(`bad timestamp: ${text}`)
    return BigInt(text)
  }
}
