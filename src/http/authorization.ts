import querystring from 'node:querystring'
import type { Context } from '../sdk.ts'
import { ClientCredentials } from './client-credentials.ts'
import type { Connection } from './connection.ts'
import type { Headers } from './headers.ts'
import type { AuthSettings } from './options.ts'

/** Shows a server who sends. */
export interface Authorization {
  /** The headers for one request. Rejects with `Unavailable` when they cannot be had now, and with any error when the signal aborts. */
  headers(context: Context): Promise<Headers>
  /** Told that a request with these headers was not authorized: whether there will be others for the next. */
  renew?(refused: Headers): boolean
  close?(signal: AbortSignal): Promise<void>
}

const fixed = (headers: Headers): Authorization => ({ headers: async () => headers })

/** By the options, with the user name and password of the address itself where these name no other way. */
export function authorizationOf(auth: AuthSettings, url: URL, connect: (url: URL) => Connection): Authorization {
  switch (auth.type) {
    case 'none':
      return url.username || url.password ? basic(querystring.unescape(url.username), querystring.unescape(url.password)) : fixed({})
    case 'api_key':
      return fixed({ [auth.header]: auth.key.reveal() })
    case 'bearer':
      return fixed({ Authorization: `Bearer ${auth.token.reveal()}` })
    case 'basic':
      return basic(auth.username, auth.password.reveal())
    case 'oauth2':
      return new ClientCredentials(auth, connect)
  }
}

/** RFC 7617. */
const basic = (username: string, password: string): Authorization =>
  fixed({ Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` })
