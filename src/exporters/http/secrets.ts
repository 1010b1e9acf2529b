import querystring from 'node:querystring'
import { Secret } from '../../sdk.ts'
import type { Config } from './config.ts'
import type { Headers } from './headers.ts'

/** Headers that anybody may see. */
const plain = new Set(['accept', 'content-type', 'user-agent'])

/** Nobody guesses at a key so short, and to take its letters out of every message would leave little of them. */
const shortest = 4

/** Every value in the options that may be a secret. */
export function secretsOf({ endpoint, headers, auth, proxy }: Config): string[] {
  const url = new URL(endpoint)
  const ofHeaders = Object.entries(headers).flatMap(([name, value]) => (plain.has(name.toLowerCase()) ? [] : credentials(value.reveal())))
  const maybe = [...ofHeaders, ...url.searchParams.values()].filter((value) => value.length >= shortest)
  const ofAuth = Object.values(auth).flatMap((value) => (value instanceof Secret ? [value.reveal()] : []))
  const ofUrls = [url, ...(proxy ? [new URL(proxy.reveal())] : [])].flatMap(({ password }) => [password, querystring.unescape(password)])
  return [...maybe, ...ofAuth, ...ofUrls]
}

/** What in the headers of an authorization is secret. */
export const secretsIn = (headers: Headers): string[] => Object.values(headers).flatMap(credentials)

/** The value of a header, and what follows a scheme such as `Bearer` in it. */
const credentials = (value: string): string[] => [value, value.slice(value.indexOf(' ') + 1)]

type Revealed<T> = T extends Secret ? string : T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]: Revealed<T[K]> } : T

/** Options with the texts of their secrets, as they are written in code. */
export function revealed<T>(options: T): Revealed<T> {
  if (options instanceof Secret) return options.reveal() as Revealed<T>
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return options as Revealed<T>
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, revealed(value)])) as Revealed<T>
}
