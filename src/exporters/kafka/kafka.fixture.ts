/** A cluster as far as a producer is seen from outside, in place of the package that speaks to one. */
import { createHash } from 'node:crypto'
import type { Driver, ProducedMessage, ProducerOptions } from './driver.ts'

export interface FakeKafka {
  readonly load: <Module>() => Promise<Module>
  /** What its topics hold. */
  readonly stored: readonly ProducedMessage[]
  /** How many messages came at once, each time. */
  readonly sent: number[]
  /** With what each producer was made. */
  readonly options: ProducerOptions[]
  /** What becomes of messages sent together from now on: nothing is stored where it gives or throws something else than true. */
  behaviour: (messages: readonly ProducedMessage[]) => true | Promise<true>
  readonly open: () => number
}

export function fakeKafka(): FakeKafka {
  const stored: ProducedMessage[] = []
  let open = 0
  const fake: FakeKafka = {
    ...{ stored, sent: [], options: [], behaviour: () => true, open: () => open },
    load: async <Module>() => driver as Module,
  }
  const driver: Driver = {
    compatibilityPartitioner: (_message, key) => createHash('sha256').update(key).digest().readUInt16BE(),
    Producer: class {
      #closed = false

      constructor(options: ProducerOptions) {
        fake.options.push(options)
        open++
      }

      async metadata(): Promise<void> {
        await fake.behaviour([])
      }

      async send({ messages }: { messages: readonly ProducedMessage[] }): Promise<void> {
        fake.sent.push(messages.length)
        await fake.behaviour(messages)
        if (this.#closed) throw new Error('Client is closed.')
        stored.push(...messages)
      }

      async close(): Promise<void> {
        if (!this.#closed) open--
        this.#closed = true
      }

      on(): void {}
    },
  }
  return fake
}

/** An error of the package's, about what a broker answers. */
export const protocolError = (apiId: string, message = apiId): Error =>
  new AggregateError([Object.assign(new Error(message), { code: 'PLT_KFK_PROTOCOL', apiId })], 'Received response with error')
