import type { Answer } from './connection.ts'
import { publicUrl } from './public-url.ts'
import { redact } from './redact.ts'

export interface RefusalOptions {
  readonly method: string
  readonly url: URL
  readonly answer: Answer
  /** What must not be seen of the answer. */
  readonly secrets: readonly string[]
  /** The option that holds the address. */
  readonly addressOption: string
  readonly advice: Advice
}

/** What a user can do about an answer, by its status. */
export type Advice = Readonly<Record<number, string>>

/** Who answered what, and what to do about it, for an answer that is not 2xx. */
export function refusal({ method, url, answer: { status, headers, body }, secrets, addressOption, advice }: RefusalOptions): string {
  const said = redact(body.toString(), secrets)
  const hint = status >= 300 && status < 400 ? redirected(headers.location, url, addressOption) : (advice[status] ?? usualAdvice[status])
  return `${method} ${publicUrl(url)} answered ${status}${said && `: ${said}`}${hint ? `; ${hint}` : ''}`
}

function redirected(location: string | string[] | undefined, url: URL, addressOption: string): string {
  const target = typeof location === 'string' && URL.canParse(location, url) ? publicUrl(new URL(location, url)) : undefined
  return `redirects are not followed: set ${addressOption} to ${target ?? 'the address that is meant'}`
}

const usualAdvice: Advice = {
  401: 'check the credentials',
  403: 'see what the credentials allow',
  404: 'check the path of the address',
  407: 'check the user name and password in proxy',
  429: 'set rate_limit to what the server allows',
}
