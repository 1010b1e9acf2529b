import { createHash } from 'node:crypto'
import { type Batch, type Rejection, recordsOf, withRecords } from '../../core/index.ts'
import type { Body } from './body.ts'
import type { MessageTemplate } from './template.ts'

export { type Body, batchBody, recordBody, requestBody } from './body.ts'
export { type Escape, MessageTemplate, templateProblem } from './template.ts'

/** What is published of a batch at once. */
export interface Message {
  /** A topic or subject. */
  readonly address: string
  /** Undefined where there is no template for it, and where that gives nothing. */
  readonly key: string | undefined
  readonly body: Uint8Array
  /** The records of the batch that are in it. */
  readonly indexes: readonly number[]
}

export interface MessageEncoderOptions {
  readonly body: Body
  readonly address: MessageTemplate
  readonly key?: MessageTemplate | undefined
}

/** Makes messages of a stream from batches. Those of one address and key are in the order of their records. */
export class MessageEncoder {
  readonly #options: MessageEncoderOptions

  constructor(options: MessageEncoderOptions) {
    this.#options = options
  }

  encode(batch: Batch): { readonly messages: readonly Message[]; readonly rejected: readonly Rejection[] } {
    const messages: Message[] = []
    const rejected: Rejection[] = []
    const records = recordsOf(batch)
    for (const indexes of this.#groups(batch, records.length)) {
      const whole = indexes.length === records.length
      const made = this.#options.body.encode(
        whole
          ? batch
          : withRecords(
              batch,
              indexes.map((index) => records[index]),
            ),
      )
      const refused = made.rejected.map((rejection) =>
        'index' in rejection ? { ...rejection, index: indexes[rejection.index]! } : rejection,
      )
      rejected.push(...refused)
      const without = new Set(refused.map((rejection) => 'index' in rejection && rejection.index))
      const sent = without.size === 0 ? indexes : indexes.filter((index) => !without.has(index))
      if (sent.length > 0) messages.push({ ...this.#target(batch, sent[0]!), body: made.body, indexes: sent })
    }
    return { messages, rejected }
  }

  #groups(batch: Batch, count: number): Iterable<readonly number[]> {
    const all = Array.from({ length: count }, (_, index) => index)
    if (this.#options.body.per === 'record') return all.map((index) => [index])
    return Map.groupBy(all, (index) => {
      const { address, key } = this.#target(batch, index)
      return JSON.stringify([address, key])
    }).values()
  }

  #target(batch: Batch, index: number): Pick<Message, 'address' | 'key'> {
    const { address, key } = this.#options
    return { address: address.fill(batch, index), key: key?.fill(batch, index) || undefined }
  }
}

/**
 * An id for each message: the same for every try of one delivery, and for no two messages of a batch, not even where they are the
 * same but for that.
 */
export function messageIds(deliveryId: string, messages: readonly Message[]): readonly string[] {
  const seen = new Map<string, number>()
  return messages.map(({ address, body }) => {
    const digest = createHash('sha256').update(address).update('\0').update(body).digest('hex').slice(0, 32)
    const before = seen.get(digest) ?? 0
    seen.set(digest, before + 1)
    return `${deliveryId}-${digest}${before > 0 ? `-${before}` : ''}`
  })
}

/**
 * Those of `messages` that are tried again, with every other that is the same but for its id, sent or not, in order: ids count those
 * that are tried together, and one alone would go by the id of the first. Whoever reads the ids leaves out what it has.
 */
export function withTwins(messages: readonly Message[], again: readonly Message[]): readonly Message[] {
  const contentOf = ({ address, body }: Message) => `${address}\0${Buffer.from(body).toString('latin1')}`
  const contents = new Set(again.map(contentOf))
  return again.length === 0 ? again : messages.filter((message) => contents.has(contentOf(message)))
}
