/** For exporters that send by HTTP, and receivers that are sent to. README.md shows how one is built. */

export type { Compression } from './compression.ts'
export type { Answer, Method } from './connection.ts'
export type { Headers } from './headers.ts'
export { HttpDestination, type HttpDestinationOptions, type HttpOutcome, type HttpRequest } from './http-destination.ts'
export { type Answerer, HttpListener, type HttpListenerOptions, type ReceivedRequest, type Reply, textReply } from './listener.ts'
export {
  type AuthSettings,
  authOption,
  checkHeaders,
  credential,
  type HttpSettings,
  headerName,
  httpOptions,
  httpUrl,
  type OwnHeaders,
} from './options.ts'
export { type IndexedRejection, type Part, type PartsOptions, sendParts } from './parts.ts'
export { redact } from './redact.ts'
export type { Advice } from './refusal.ts'
export type { Unpack } from './request-body.ts'
export { revealed } from './revealed.ts'
export { userAgent } from './user-agent.ts'
