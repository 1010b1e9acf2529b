import { type Clock, type Context, orAborted, parseRetryAfter } from '../sdk.ts'
import type { Authorization } from './authorization.ts'
import type { Answer, Connection } from './connection.ts'
import type { Headers } from './headers.ts'
import type { AuthSettings } from './options.ts'
import { publicUrl } from './public-url.ts'
import { redact } from './redact.ts'
import { Unavailable } from './unavailable.ts'
import { userAgent } from './user-agent.ts'

interface Token {
  readonly headers: Headers
  /** By the monotonic clock. */
  readonly usedUntilMs: number
}

/**
 * A token of OAuth 2.0 for the client itself (RFC 6749, 4.4), the client shown by basic authentication (2.3.1). It is kept until a
 * minute before it ends, or half its life where that is later, and asked for once however many requests wait for it.
 */
export class ClientCredentials implements Authorization {
  readonly #url: URL
  readonly #connection: Connection
  readonly #headers: Headers
  readonly #body: string
  readonly #secrets: readonly string[]
  #token: Token | undefined
  #asking: Promise<Token> | undefined

  constructor({ tokenUrl, clientId, clientSecret, scope }: Extract<AuthSettings, { type: 'oauth2' }>, connect: (url: URL) => Connection) {
    const secret = clientSecret.reveal()
    const credentials = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64')
    this.#url = new URL(tokenUrl)
    this.#connection = connect(this.#url)
    this.#secrets = [secret, credentials]
    this.#headers = {
      Authorization: `Basic ${credentials}`,
      'Content-Type': 'application/x-www-form-urlencoded',
      Accept: 'application/json',
      'User-Agent': userAgent,
    }
    this.#body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== undefined && { scope }) }).toString()
  }

  async headers({ clock, signal }: Context): Promise<Headers> {
    if (this.#token && clock.monotonic() < this.#token.usedUntilMs) return this.#token.headers
    this.#asking ??= this.#ask(clock).finally(() => {
      this.#asking = undefined
    })
    const token = await orAborted(this.#asking, signal)
    if (!token) throw new Error('aborted while waiting for a token')
    return token.headers
  }

  renew(refused: Headers): boolean {
    if (this.#token?.headers === refused) this.#token = undefined
    return true
  }

  close(signal: AbortSignal): Promise<void> {
    return this.#connection.close(signal)
  }

  /** For everybody who waits, so nobody's signal ends it; the timeout of the connection does. */
  async #ask(clock: Clock): Promise<Token> {
    const request = { method: 'POST', url: this.#url, headers: this.#headers, body: this.#body } as const
    const answer = await this.#connection.send(request, { clock, signal: new AbortController().signal })
    this.#token = this.#tokenOf(answer, clock)
    return this.#token
  }

  #tokenOf({ status, headers, body }: Answer, clock: Clock): Token {
    const text = body.toString()
    const { access_token: token, token_type: type, expires_in: seconds } = status === 200 ? fieldsOf(text) : {}
    if (typeof token !== 'string' || !/^bearer$/i.test(String(type))) {
      // An answer of 200 may hold a token, even if not one that can be used.
      const said = status === 200 ? 'no bearer token' : redact(text, this.#secrets)
      throw new Unavailable(`${publicUrl(this.#url)} answered ${status} to the request for a token: ${said}`, {
        hint: 'check the token URL, the client, its secret and the scope under auth',
        afterMs: parseRetryAfter(String(headers['retry-after'] ?? ''), clock.now()),
      })
    }
    const lifeMs = Number(seconds) * 1000
    const usedMs = Number.isFinite(lifeMs) ? Math.max(lifeMs - 60_000, lifeMs / 2) : Number.POSITIVE_INFINITY
    return { headers: { Authorization: `Bearer ${token}` }, usedUntilMs: clock.monotonic() + usedMs }
  }
}

function fieldsOf(text: string): { access_token?: unknown; token_type?: unknown; expires_in?: unknown } {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}
