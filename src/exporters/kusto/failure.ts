import { redact } from '../../http/redact.ts'
import { Unavailable, unreachable } from '../../http/unavailable.ts'
import { type ExportResult, parseRetryAfter, reject, retry, toError } from '../../sdk.ts'

/** As the client throws what a cluster said. */
interface ClientError extends Error {
  readonly code?: string
  readonly response?: Answer
  /** Of one that tells of too many requests. */
  readonly inner?: { readonly response?: Answer }
}

interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly data?: { readonly error?: { readonly code?: string; readonly '@message'?: string; readonly '@permanent'?: boolean } }
}

/** A database that is not there may be there tomorrow. */
const maybeLater = /DatabaseNotExist|EntityNotFound|DatabaseNotFound/

const unanswered = /\b(E(?:CONN[A-Z]+|NOTFOUND|AI_AGAIN|TIMEDOUT|HOSTUNREACH)|CERT_[A-Z_]+|[A-Z_]+_CERT[A-Z_]*)\b|socket hang up/

export interface Where {
  /** Of the database, for people. */
  readonly address: string
  /** What must not be seen. */
  readonly secrets: readonly string[]
  readonly nowMs: number
}

/** What becomes of a batch when the client threw. No secret is in what it says. */
export function failureOf(thrown: unknown, { address, secrets, nowMs }: Where): ExportResult {
  const error = toError(thrown) as ClientError
  // The client puts the call stack behind its message, and what was wrong beneath into it.
  const first = error.message.split('\n')[0]!.trim()
  const answer = error.response ?? error.inner?.response
  const status = answer?.status ?? (Number(/status code (\d{3})/.exec(first)?.[1]) || undefined)
  const { code = '', '@message': said = first, '@permanent': isPermanent = false } = answer?.data?.error ?? {}
  const message = redact(said, secrets)
  if (status === undefined && unanswered.test(`${error.code} ${first}`)) {
    const systemCode = unanswered.exec(`${error.code} ${first}`)?.[1] ?? 'ECONNRESET'
    return retry(unreachable(address, Object.assign(new Error(message), { code: systemCode })), { scope: 'destination' })
  }
  const told = status === undefined ? message : `answered ${status}${code && ` ${code}`}: ${message}`
  const failure = new Unavailable(`${address} ${status === undefined ? `cannot be used: ${told}` : told}`, { hint: hintFor(status, first) })
  if (status === 400 && isPermanent && !maybeLater.test(code)) return reject(failure)
  const afterMs = parseRetryAfter(answer?.headers?.['retry-after'], nowMs)
  return retry(failure, { scope: 'destination', ...(afterMs !== undefined && { afterMs }) })
}

function hintFor(status: number | undefined, message: string): string {
  if (status === 401) return 'check auth, and the clock of this machine'
  if (status === 403) return 'let this identity have the roles Database Ingestor and, for create_tables, Database User in the database'
  if (status === 404) return 'check the address of the cluster'
  if (status === 400) return 'check the database, and the names of tables and columns'
  if (status === 429) return 'the cluster asks for fewer commands: let more records share a batch'
  if (message.startsWith('Cannot find package')) return 'run: npm install azure-kusto-ingest azure-kusto-data'
  if (/blob|queue/i.test(message))
    return 'see that the storage accounts of the cluster can be reached from this machine: *.blob and *.queue'
  return 'see that the cluster runs, and that auth is right'
}
