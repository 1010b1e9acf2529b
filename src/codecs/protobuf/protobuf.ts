import type { Decoder, Encoder } from '../../core/index.ts'

/** A message type as protobufjs, ts-proto and others like them make it. */
export interface MessageType<T> {
  encode(message: T): { finish(): Uint8Array }
  decode(bytes: Uint8Array): T
  /** What keeps `message` from being one; null where nothing does. Used where it is there. */
  verify?(message: T): string | null
}

/** One message of a type, in the binary form of Protocol Buffers. Throws a TypeError for what its type says is none. */
export class ProtobufEncoder<T> implements Encoder<T> {
  readonly contentType = 'application/x-protobuf'
  readonly extension = 'binpb'
  readonly #type: MessageType<T>

  constructor(type: MessageType<T>) {
    this.#type = type
  }

  encode(message: T): Uint8Array {
    const problem = this.#type.verify?.(message)
    if (problem) throw new TypeError(`not a message of that type: ${problem}`)
    return this.#type.encode(message).finish()
  }
}

/** Reads one message of a type. Throws what the type throws for bytes that are none. */
export class ProtobufDecoder<T> implements Decoder<T> {
  readonly #type: MessageType<T>

  constructor(type: MessageType<T>) {
    this.#type = type
  }

  decode(bytes: Uint8Array): T {
    return this.#type.decode(bytes)
  }
}
