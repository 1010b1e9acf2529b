import { readFile } from 'node:fs/promises'
import querystring from 'node:querystring'
import { Agent, type Dispatcher } from 'undici'
import { type Context, exponential, parseRetryAfter, type Secret, toError, WaybillError } from '../core/index.ts'
import { version } from '../version.ts'
import { type OpenCostFailure, refusal, unreachable } from './failure.ts'

/** How OpenCost is reached. */
export interface ConnectionOptions {
  readonly endpoint: URL
  readonly timeoutMs: number
  readonly retries: number
  readonly token: Secret | undefined
  readonly headers: Readonly<Record<string, string>>
  /** A file of certificates in PEM, beside those of the system. */
  readonly ca: string | undefined
  readonly insecure: boolean
}

/** What of an answer that is none is read. */
const readBytes = 65_536
const waits = exponential(1000, 30_000)

/** Asks OpenCost, over connections that stay open. */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #headers: Readonly<Record<string, string>>
  #opening: Promise<Dispatcher> | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
    const { username, password } = options.endpoint
    const credentials = `${querystring.unescape(username)}:${querystring.unescape(password)}`
    this.#headers = {
      accept: 'application/json',
      'user-agent': `waybill/${version}`,
      ...((username || password) && { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
      ...Object.fromEntries(Object.entries(options.headers).map(([name, value]) => [name.toLowerCase(), value])),
      ...(options.token && { authorization: `Bearer ${options.token.reveal()}` }),
    }
  }

  /**
   * Asks for a path below the endpoint; resolves with the body once an answer begins. While there is none it is asked for again, as
   * often as the options say. Rejects with OpenCostFailure.
   */
  async get(path: string, query: URLSearchParams, context: Context): Promise<AsyncIterable<Uint8Array>> {
    const address = `${addressOf(this.#options.endpoint)}${path}`
    for (let tries = 1; ; tries++) {
      const answer = await this.#ask(address, query, context.signal)
      if ('body' in answer) return wholeBody(answer.body, address, this.#options.timeoutMs)
      const { failure, afterMs } = answer
      if (!failure.again || tries > this.#options.retries || context.signal.aborted) throw failure
      const waitMs = Math.max(waits(tries, context.random) ?? 0, afterMs?.(context.clock.now()) ?? 0)
      context.log.warn(`${failure.message}; asking again`, { tries, waitMs: Math.round(waitMs) })
      await context.clock.sleep(waitMs, context.signal)
      if (context.signal.aborted) throw failure
    }
  }

  async close(): Promise<void> {
    await (await this.#opening?.catch(() => undefined))?.destroy()
    this.#opening = undefined
  }

  async #ask(address: string, query: URLSearchParams, signal: AbortSignal): Promise<Answer> {
    const dispatcher = await this.#open()
    const { origin, pathname } = new URL(address)
    try {
      const path = `${pathname}?${query}`
      const answer = await dispatcher.request({ origin, path, method: 'GET', headers: this.#headers, signal })
      if (answer.statusCode === 200) return { body: answer.body }
      const said = this.#withoutToken(wordsOf(await beginningOf(answer.body)))
      const after = String(answer.headers['retry-after'] ?? '')
      return { failure: refusal(address, answer.statusCode, said), afterMs: (nowMs) => parseRetryAfter(after, nowMs) }
    } catch (thrown) {
      return { failure: unreachable(address, toError(thrown), this.#options.timeoutMs) }
    }
  }

  #open(): Promise<Dispatcher> {
    const { timeoutMs: timeout, ca, insecure } = this.#options
    this.#opening ??= authorities(ca).then(
      (certificates) =>
        new Agent({
          connect: { timeout, rejectUnauthorized: !insecure, ...(certificates !== undefined && { ca: certificates }) },
          headersTimeout: timeout,
          bodyTimeout: timeout,
        }),
    )
    return this.#opening
  }

  /** Some servers repeat what they refuse. */
  #withoutToken(text: string): string {
    const token = this.#options.token?.reveal()
    return token ? text.replaceAll(token, '[redacted]') : text
  }
}

type Answer =
  | { readonly body: AsyncIterable<Uint8Array> }
  | { readonly failure: OpenCostFailure; readonly afterMs?: (nowMs: number) => number | undefined }

/** An endpoint as it may be shown, without a slash at its end. */
export function addressOf(endpoint: URL): string {
  const shown = new URL(endpoint)
  shown.username = ''
  shown.password = ''
  shown.search = ''
  shown.hash = ''
  return shown.href.replace(/\/+$/, '')
}

async function authorities(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined
  const text = await readFile(file, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    throw new WaybillError('FILE_UNREADABLE', `cannot read ${file} (${thrown.code})`, { hint: 'check the path after --ca' })
  })
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw new WaybillError('INVALID_OPTION', `${file} holds no certificate in PEM`, { hint: 'check the file after --ca' })
  return text
}

/** The body, with what cuts it off as an OpenCostFailure. */
async function* wholeBody(body: AsyncIterable<Uint8Array>, address: string, timeoutMs: number): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (thrown) {
    throw unreachable(address, toError(thrown), timeoutMs)
  }
}

async function beginningOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of body) {
    pieces.push(piece)
    bytes += piece.length
    if (bytes >= readBytes) break
  }
  return Buffer.concat(pieces).subarray(0, readBytes).toString()
}

/** What OpenCost says of a mistake: `message` of its envelope, or the text; nothing of a web page. One line of at most 300 characters. */
function wordsOf(text: string): string {
  let words = /^\s*</.test(text) ? '' : text
  try {
    const { message } = Object(JSON.parse(text)) as { message?: unknown }
    if (typeof message === 'string') words = message
  } catch {
    // Not an envelope: OpenCost answers some mistakes in plain text.
  }
  return words
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 300)
}
