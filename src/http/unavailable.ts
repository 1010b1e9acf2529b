import { formatDuration, WaybillError } from '../sdk.ts'

/** No answer was had from an address, or not the one that was needed: DESTINATION_UNAVAILABLE. */
export class Unavailable extends WaybillError {
  /** How long the other side asked to be left alone. */
  readonly afterMs: number | undefined

  constructor(message: string, { hint, afterMs }: { readonly hint: string; readonly afterMs?: number | undefined }) {
    super('DESTINATION_UNAVAILABLE', message, { hint })
    this.afterMs = afterMs
  }
}

/** No answer from `address` in time. */
export const noAnswer = (address: string, timeoutMs: number): Unavailable =>
  new Unavailable(`no answer from ${address} within ${formatDuration(timeoutMs)}`, {
    hint: 'see whether the server is overloaded, send smaller batches, or raise the timeout',
  })

/** No answer from `address`, because of `error`: one of the system's, of TLS or of undici. */
export function unreachable(address: string, error: Error): Unavailable {
  const { code = '' } = error as NodeJS.ErrnoException
  // Node adds a hint of its own to errors of certificates, about a flag of its command.
  const message =
    error.message.split('; ')[0] || (error instanceof AggregateError && error.errors.map(({ message }) => message).join(', ')) || code
  const known = hints.find(([pattern]) => pattern.test(code) || pattern.test(message))
  return new Unavailable(`cannot send to ${address}: ${message}`, {
    hint: known?.[1] ?? 'see that the server can be reached from this machine and speaks HTTP there',
  })
}

/** By the code of an error or a part of its message. */
const hints: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$/, 'see that the server is running and listens on that port'],
  [/^(ENOTFOUND|EAI_AGAIN|EAI_FAIL)$/, 'check the spelling of the host, and the name servers of this machine'],
  [
    /^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|EHOSTUNREACH|ENETUNREACH)$/,
    'check the address, and that no firewall on the way drops the connection',
  ],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'the connection was cut: the log of the server, or of a proxy before it, should tell why'],
  [/^(EADDRNOTAVAIL|EINVAL)$/, 'see that the local address is one of this machine'],
  [/(SELF_SIGNED|UNABLE_TO_)/, 'if the server is to be trusted, give the certificate of its authority as ca under tls'],
  [/^CERT_/, 'the server needs a valid certificate; see also the clock of this machine'],
  [/ALTNAME_INVALID$/, 'address the server by a name in its certificate, or give that as the server name under tls'],
  [/^(ERR_SSL_|EPROTO$)/, 'see that the server speaks TLS on that port, and takes the certificate that cert and key under tls are'],
  [/Proxy/, 'check the address of the proxy, and the user name and password in it'],
]
