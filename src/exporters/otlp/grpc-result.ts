import { type ExportResult, fromHttpStatus, reject, retry, tooLarge } from '../../sdk.ts'

/** The codes of gRPC (https://grpc.github.io/grpc/core/md_doc_statuscodes.html), each at its number. */
const names = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const

type Code = (typeof names)[number]

/** Of https://opentelemetry.io/docs/specs/otlp/#failures. */
const retryable: ReadonlySet<Code> = new Set(['CANCELLED', 'DEADLINE_EXCEEDED', 'ABORTED', 'OUT_OF_RANGE', 'UNAVAILABLE', 'DATA_LOSS'])

/** With these nothing is wrong with the data, and what to do about it. */
const ofDestination: Readonly<Partial<Record<Code, string>>> = {
  UNAUTHENTICATED: 'check the credentials in headers',
  PERMISSION_DENIED: 'see what the credentials in headers allow',
  NOT_FOUND: 'check the endpoint',
  UNIMPLEMENTED: 'the server takes no OTLP of this signal over gRPC there: check the endpoint and the protocol',
}

/** As gRPC in Go, C++, Node, Java and .NET say that a message is beyond their limit. */
const messageTooLarge = /larger than max|exceeds (the )?(configured )?maximum/i

/** What an answer with a status of gRPC says. */
export interface GrpcFailure {
  readonly code: number
  /** Who said what. */
  readonly message: string
  /** How long the server asks to be left alone, if it does. */
  readonly retryDelayMs: number | undefined
}

/** What a status that is not OK means for the data, as OTLP has it; what is about the destination is for it to mend. */
export function fromGrpcStatus({ code, message, retryDelayMs }: GrpcFailure): ExportResult {
  const name = names[code] ?? 'UNKNOWN'
  const hint = ofDestination[name]
  const error = new Error(`${message}${hint ? `; ${hint}` : ''}`)
  const after = retryDelayMs === undefined ? {} : { afterMs: retryDelayMs }
  if (hint) return retry(error, { scope: 'destination', ...after })
  if (name === 'RESOURCE_EXHAUSTED') {
    if (retryDelayMs !== undefined) return retry(error, after)
    return messageTooLarge.test(message) ? tooLarge(error) : reject(error)
  }
  return retryable.has(name) ? retry(error, after) : reject(error)
}

export const nameOfCode = (code: number): string => names[code] ?? `code ${code}`

/** What an answer means that is none of gRPC: that of something on the way, or of another server. */
export const fromOtherStatus = (status: number, message: string): ExportResult =>
  status >= 200 && status < 300 ? retry(new Error(message), { scope: 'destination' }) : fromHttpStatus(status, message)
