import type { Answer } from './connection.ts'
import { publicUrl } from './public-url.ts'
import { redact } from './redact.ts'

export interface RefusalOptions {
  readonly method: string
  readonly url: URL
  readonly answer: Answer
  /** What must not be seen of the answer. */
  readonly secrets: readonly string[]
}

/** Who answered what, and what to do about it, for an answer that is not 2xx. */
export function refusal({ method, url, answer: { status, headers, text }, secrets }: RefusalOptions): string {
  const said = redact(text, secrets)
  const advice = status >= 300 && status < 400 ? redirected(headers.location, url) : advices[status]
  return `${method} ${publicUrl(url)} answered ${status}${said && `: ${said}`}${advice ? `; ${advice}` : ''}`
}

function redirected(location: string | string[] | undefined, url: URL): string {
  const target = typeof location === 'string' && URL.canParse(location, url) ? publicUrl(new URL(location, url)) : undefined
  return `redirects are not followed: set endpoint to ${target ?? 'the address that is meant'}`
}

const advices: Readonly<Record<number, string>> = {
  401: 'check the credentials under auth or headers',
  403: 'see what the credentials under auth or headers allow',
  404: 'check the path of endpoint',
  405: 'check method',
  407: 'check the user name and password in proxy',
  415: 'check format, compression and the header Content-Type',
  429: 'set rate_limit to what the server allows',
}
