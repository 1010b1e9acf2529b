import { WaybillError } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'
import { type Known, type Spelled, spelled } from '../delivery/spelled.ts'

const types = ['none', 'api_key', 'bearer', 'basic'] as const

/** How to show a destination who sends. */
export type AuthType = (typeof types)[number]

export interface AuthSettings {
  /** Default: what the other settings are for; `none` without any. */
  readonly type?: AuthType | undefined
  readonly apiKey?: string | Secret | undefined
  /** The header that carries the key. Default `X-API-Key`. */
  readonly apiKeyHeader?: string | undefined
  /** Of `bearer` (RFC 6750). */
  readonly token?: string | Secret | undefined
  /** Of `basic` (RFC 7617), without a colon. */
  readonly username?: string | undefined
  readonly password?: string | Secret | undefined
  /** Further headers, by name. They are never shown. */
  readonly headers?: Readonly<Record<string, string | Secret>> | undefined
}

const known: Known<AuthSettings> = {
  type: 'plain',
  apiKey: 'plain',
  apiKeyHeader: 'plain',
  token: 'plain',
  username: 'plain',
  password: 'plain',
  headers: 'plain',
}

/** How to show a destination who sends. Printing it shows no secret. */
export class AuthConfig {
  readonly type: AuthType
  readonly apiKey: Secret | undefined
  readonly apiKeyHeader: string
  readonly token: Secret | undefined
  readonly username: string | undefined
  readonly password: Secret | undefined
  readonly headers: Readonly<Record<string, Secret>>

  /** The settings may be in snake_case. Throws WaybillError `INVALID_OPTION`. */
  constructor(given: Spelled<AuthSettings> = {}) {
    const settings = spelled<AuthSettings>('auth', given, known)
    const { apiKey, apiKeyHeader = 'X-API-Key', token, username, password, headers = {} } = settings
    this.type = settings.type ?? typeFor(settings)
    this.apiKey = secretOf(apiKey)
    this.apiKeyHeader = apiKeyHeader
    this.token = secretOf(token) ?? (this.type === 'bearer' ? this.apiKey : undefined)
    this.username = username
    this.password = secretOf(password)
    this.headers = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, secretOf(value) ?? new Secret('')]))
    const needs = { none: [], api_key: ['apiKey'], bearer: ['token'], basic: ['username', 'password'] } as const
    if (!types.includes(this.type))
      throw new WaybillError('INVALID_OPTION', `auth is of no known type: ${this.type}`, { hint: `known are ${types.join(', ')}` })
    for (const need of needs[this.type])
      if (this[need] === undefined) throw new WaybillError('INVALID_OPTION', `auth of type ${this.type} needs ${need}`)
  }

  /** The headers to send. They hold the secrets. */
  toHeaders(): Readonly<Record<string, string>> {
    const further = Object.entries(this.headers).map(([name, value]) => [name, value.reveal()] as const)
    return { ...Object.fromEntries(further), ...this.#ownHeader() }
  }

  /** All that must not be shown. */
  secrets(): readonly Secret[] {
    return [this.apiKey, this.token, this.password, ...Object.values(this.headers)].filter((secret) => secret !== undefined)
  }

  #ownHeader(): Readonly<Record<string, string>> {
    switch (this.type) {
      case 'none':
        return {}
      case 'api_key':
        return { [this.apiKeyHeader]: this.apiKey!.reveal() }
      case 'bearer':
        return { Authorization: `Bearer ${this.token!.reveal()}` }
      case 'basic':
        return { Authorization: `Basic ${Buffer.from(`${this.username}:${this.password!.reveal()}`).toString('base64')}` }
    }
  }
}

function typeFor({ apiKey, token, username }: AuthSettings): AuthType {
  if (apiKey !== undefined) return 'api_key'
  if (token !== undefined) return 'bearer'
  return username === undefined ? 'none' : 'basic'
}

/** Nothing for an empty text, which is what a variable that is not set often gives. */
function secretOf(value: string | Secret | undefined): Secret | undefined {
  if (typeof value === 'string') return value === '' ? undefined : new Secret(value)
  return value
}
