import type { Message } from '../../codecs/messages/messages.ts'

/** What a record of a batch has beside key and value (https://kafka.apache.org/documentation/#record), and a header or two, an id among them. */
const overheadBytes = 200

/** The messages in order, in portions that each fit into `maxBytes`; one that is larger by itself is alone. */
export function portions(messages: readonly Message[], maxBytes: number): readonly (readonly Message[])[] {
  const all: Message[][] = []
  let room = 0
  for (const message of messages) {
    const bytes = message.body.length + Buffer.byteLength(message.key ?? '') + overheadBytes
    if (bytes > room) {
      all.push([])
      room = maxBytes
    }
    all.at(-1)!.push(message)
    room -= bytes
  }
  return all
}
