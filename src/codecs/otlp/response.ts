import { fromJson } from './message-json.ts'
import { readMessage } from './message-reader.ts'
import type { MessageType } from './message-type.ts'
import { type OtlpSignal, responses, retryInfo, rpcStatus } from './messages.ts'

/** What a server says to a request that it took. */
export interface OtlpResponse {
  /** How many records it refused for good; it does not tell which. */
  readonly rejected: number
  /** Why; where it refused none, something it would have known. Empty for nothing. */
  readonly message: string
}

interface PartialSuccess {
  readonly partialSuccess?: { readonly [rejected: string]: number | bigint | string | undefined } | undefined
}

/** Reads the answer to a request. Throws an Error that says where the bytes are none. An empty one is a full success. */
export function decodeResponse(signal: OtlpSignal, bytes: Uint8Array, form: 'protobuf' | 'json'): OtlpResponse {
  const type = responses[signal] as MessageType<PartialSuccess>
  const { partialSuccess = {} } =
    form === 'protobuf' || bytes.length === 0 ? readMessage(type, bytes) : fromJson(type, JSON.parse(Buffer.from(bytes).toString()))
  const { errorMessage = '', ...counts } = partialSuccess
  const [rejected = 0] = Object.values(counts)
  return { rejected: Number(rejected), message: String(errorMessage) }
}

/** How long a server asks to be left alone, in a `google.rpc.Status`; undefined where it does not. Throws an Error where it is none. */
export function retryDelayMs(status: Uint8Array): number | undefined {
  for (const { typeUrl = '', value = new Uint8Array() } of readMessage(rpcStatus, status).details ?? []) {
    if (!typeUrl.endsWith('/google.rpc.RetryInfo')) continue
    const { seconds = 0, nanos = 0 } = readMessage(retryInfo, value).retryDelay ?? {}
    return Math.max(0, Number(seconds) * 1000 + Number(nanos) / 1e6)
  }
  return undefined
}
