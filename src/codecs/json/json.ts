import type { Decoder, Encoder } from '../../core/index.ts'

export interface JsonOptions {
  /** Indents by four spaces. Default: false, no white space at all. */
  readonly pretty?: boolean
}

/**
 * Anything as one JSON text, without a line end. As JSON.stringify has it, but for a `bigint`, which becomes a string of its
 * digits (as 64-bit integers do in the JSON form of Protocol Buffers). Throws a TypeError for `undefined` as a whole, and for a
 * cycle.
 */
export class JsonEncoder<T> implements Encoder<T> {
  readonly contentType = 'application/json'
  readonly extension = 'json'
  readonly #indentation: number

  constructor({ pretty = false }: JsonOptions = {}) {
    this.#indentation = pretty ? 4 : 0
  }

  encode(data: T): Uint8Array {
    const text = JSON.stringify(data, withoutBigints, this.#indentation)
    if (text === undefined) throw new TypeError(`JSON has no way to say ${typeof data}`)
    return encoder.encode(text)
  }
}

/** The name that OpenCost has for it. */
export { JsonEncoder as JSONEncoder }

/** Reads one JSON text, of which only the type says that it is a `T`. Throws a SyntaxError, or a TypeError where the bytes are not UTF-8. */
export class JsonDecoder<T> implements Decoder<T> {
  decode(bytes: Uint8Array): T {
    return JSON.parse(decoder.decode(bytes)) as T
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

const withoutBigints = (_name: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)
