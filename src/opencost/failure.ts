import { formatDuration, WaybillError } from '../core/index.ts'

/** OpenCost was not reached, refused, or did not answer what it should. */
export class OpenCostFailure extends WaybillError {
  /** Whether it may answer when asked again. */
  readonly again: boolean

  constructor(message: string, { hint, again = false, cause }: { hint: string; again?: boolean; cause?: unknown }) {
    super('SOURCE_UNAVAILABLE', message, { hint, cause })
    this.again = again
  }
}

/** As the HTTP exporter has it, and as OpenCost's proxies answer while it starts or is overloaded. */
const retryable = new Set([408, 429, 500, 502, 503, 504])

/** An answer that is none: `said` is what stands in it. */
export function refusal(address: string, status: number, said: string): OpenCostFailure {
  const words = said ? `: ${said}` : ''
  const hint =
    status === 401 || status === 403
      ? 'give a token that is good for it with --token-file (in code: the option token)'
      : status === 404
        ? 'check the endpoint: it is the address of the OpenCost API, by default port 9003, without /allocation'
        : status === 400
          ? 'it does not take what it was asked; the parameters depend on its version'
          : 'the log of OpenCost should tell why; a shorter window, --step or a higher aggregation asks less of it'
  return new OpenCostFailure(`${address} answered ${status}${words}`, { hint, again: retryable.has(status) })
}

/** No answer, or only the beginning of one, because of `error`: one of the system's, of TLS or of undici. */
export function unreachable(address: string, error: Error, timeoutMs: number): OpenCostFailure {
  const { code = '' } = error as NodeJS.ErrnoException
  if (/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(code))
    return new OpenCostFailure(`no answer from ${address} within ${formatDuration(timeoutMs)}`, {
      hint: 'raise --timeout, or ask for less at once: a shorter window, --step or a higher aggregation',
      again: true,
      cause: error,
    })
  // Node adds a hint of its own to errors of certificates, about a flag of its command.
  const message = error.message.split('; ')[0] || code
  const hint = hints.find(([pattern]) => pattern.test(code) || pattern.test(message))?.[1] ?? 'see that OpenCost can be reached from here'
  return new OpenCostFailure(`cannot read from ${address}: ${message}`, {
    hint,
    again: !/(CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME)/.test(code),
    cause: error,
  })
}

/** By the code of an error or a part of its message. */
const hints: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$/, 'see that it runs there; in a cluster: kubectl port-forward -n opencost service/opencost 9003:9003'],
  [/^(ENOTFOUND|EAI_AGAIN|EAI_FAIL)$/, 'check the spelling of the host, and the name servers of this machine'],
  [
    /^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|EHOSTUNREACH|ENETUNREACH)$/,
    'check the address, and that no firewall on the way drops the connection',
  ],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'the connection was cut: the log of OpenCost, or of a proxy before it, should tell why'],
  [/(CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME)/, 'give the certificate of its authority with --ca; --insecure takes any certificate'],
  [/^(ERR_SSL_|EPROTO$)/, 'see that it speaks TLS on that port, or write http://'],
]
