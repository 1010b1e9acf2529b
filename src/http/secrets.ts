import querystring from 'node:querystring'
import { Secret } from '../sdk.ts'
import type { Headers } from './headers.ts'
import type { AuthSettings, HttpSettings } from './options.ts'

/** Headers that anybody may see. */
const plain = new Set(['accept', 'content-type', 'user-agent'])

/** Nobody guesses at a key so short, and to take its letters out of every message would leave little of them. */
const shortest = 4

export interface Secretive extends Pick<HttpSettings, 'headers' | 'proxy'> {
  readonly url: URL
  readonly auth: AuthSettings
}

/** Every value in the options that may be a secret. */
export function secretsOf({ url, headers, auth, proxy }: Secretive): string[] {
  const ofHeaders = Object.entries(headers).flatMap(([name, value]) => (plain.has(name.toLowerCase()) ? [] : credentials(value.reveal())))
  const ofKey = auth.type === 'api_key' ? credentials(auth.key.reveal()) : []
  const maybe = [...ofHeaders, ...ofKey, ...url.searchParams.values()].filter((value) => value.length >= shortest)
  const ofAuth = Object.values(auth).flatMap((value) => (value instanceof Secret ? [value.reveal()] : []))
  const ofUrls = [url, ...(proxy ? [new URL(proxy.reveal())] : [])].flatMap(({ password }) => [password, querystring.unescape(password)])
  return [...maybe, ...ofAuth, ...ofUrls]
}

/** What in the headers of an authorization is secret. */
export const secretsIn = (headers: Headers): string[] => Object.values(headers).flatMap(credentials)

/** The value of a header, and what follows a scheme such as `Bearer` in it. */
const credentials = (value: string): string[] => [value, value.slice(value.indexOf(' ') + 1)]
