/** What a failure says of the server, and what of a message. */
import { redact } from '../../http/redact.ts'
import { WaybillError } from '../../sdk.ts'

/** Codes of JetStream (server/errors.json of nats-server): of a message that is larger than its stream takes. */
const tooLargeForStream = 10054
/** Of a message that the stream refuses though it works: sealed, an expectation of its headers that is not met. */
const refusals: ReadonlySet<number> = new Set([10060, 10070, 10071, 10109])

const hints: readonly (readonly [RegExp, string])[] = [
  [
    /authoriz|authent|permission|nkey|JWT/i,
    'check auth, and what its user may publish: the subjects, and requests to $JS.API.> for a stream',
  ],
  [
    /jetstream is not enabled|no responders/i,
    'no stream takes this subject: make one, or set create_stream; the server must run with JetStream',
  ],
  [/maximum (messages|bytes)|insufficient/i, 'the stream is full: raise its limits, or let the oldest messages go'],
  [/refused/i, 'see that the server is running and listens on that port'],
  [/ENOTFOUND|EAI_AGAIN/, 'check the spelling of the host, and the name servers of this machine'],
  [/certificate|self.signed|issuer|altname/i, 'give the certificate of the server’s authority as ca under tls'],
  [/tls|ssl/i, 'see whether the server speaks TLS on that port, and give tls if it does'],
  [/time(d )? ?out/i, 'see that the server can be reached and is not overloaded, or raise timeout'],
]

/** The error of a server that cannot be used now, with what to do about it and without a secret. */
export function unavailable(servers: string, thrown: Error, secrets: readonly string[]): WaybillError {
  if (thrown instanceof WaybillError) return thrown
  const { code } = thrown as NodeJS.ErrnoException
  const message = redact(thrown.message || (typeof code === 'string' ? code : thrown.name), secrets)
  const hint =
    hints.find(([pattern]) => pattern.test(`${message} ${code}`))?.[1] ?? 'see what the message says; the log of the server may tell more'
  return new WaybillError('DESTINATION_UNAVAILABLE', `cannot publish to ${servers}: ${message}`, { hint })
}

/** Whether it is this one message that no stream will take. */
export function isOfMessage(error: Error): boolean {
  const { code } = error as { code?: unknown }
  return code === tooLargeForStream || refusals.has(code as number)
}
