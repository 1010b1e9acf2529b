import { JsonLinesEncoder } from '../../codecs/jsonl/jsonl.ts'
import type { Batch } from '../../sdk.ts'
import type { Config } from './config.ts'

/** Makes a value that JSON can say of a batch, or of its records as the codec `jsonl` writes them. */
export type Transform = (batch: Batch, records: () => readonly unknown[]) => unknown

export interface PayloadOptions extends Pick<Config, 'format'> {
  /** Default: the records. */
  readonly transform: Transform | undefined
}

/** What is sent for a batch. */
export interface Payload {
  readonly body: Uint8Array
  /** The records as JSON lines. */
  readonly lines: Uint8Array
}

/** Makes payloads: of JSON the records in one array, or the value of the transform; of JSON lines a line for each of them. */
export class PayloadEncoder {
  readonly #options: PayloadOptions
  readonly #encoder = new JsonLinesEncoder()

  constructor(options: PayloadOptions) {
    this.#options = options
  }

  get contentType(): string {
    return this.#options.format === 'json' ? 'application/json' : this.#encoder.contentType
  }

  /** Of a batch that has records. Rejects when the transform does, or makes what JSON cannot say. */
  async encode(batch: Batch): Promise<Payload> {
    const { format, transform } = this.#options
    const lines = this.#encoder.encode(batch)
    const body = transform
      ? written(await transform(batch, () => JSON.parse(arrayOf(lines).toString())), format)
      : format === 'json'
        ? arrayOf(lines)
        : lines
    return { body, lines }
  }
}

const lineEnd = 0x0a
const [comma, openingBracket, closingBracket] = Buffer.from(',[]')

/** Lines as an array: a JSON value has no line end in it, so each stands between two of them, and the last behind them all. */
function arrayOf(lines: Uint8Array): Buffer {
  const array = Buffer.concat([Uint8Array.of(openingBracket!), lines])
  for (let at = array.indexOf(lineEnd); at >= 0; at = array.indexOf(lineEnd, at + 1)) array[at] = comma!
  array[array.length - 1] = closingBracket!
  return array
}

function written(value: unknown, format: Config['format']): Uint8Array {
  if (format === 'json') return Buffer.from(jsonOf(value))
  return Buffer.from((Array.isArray(value) ? value : [value]).map((element) => `${jsonOf(element)}\n`).join(''))
}

function jsonOf(value: unknown): string {
  const text = JSON.stringify(value)
  if (text === undefined) throw new TypeError('there is nothing to send: the payload is undefined')
  return text
}
