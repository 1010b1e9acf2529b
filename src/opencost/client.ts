import { type Context, createContext, type Duration, parseDuration, Secret, WaybillError } from '../core/index.ts'
import type { Allocation } from './allocation.ts'
import type { Asset, NamedAsset } from './asset.ts'
import { addressOf, Connection } from './connection.ts'
import { OpenCostFailure } from './failure.ts'
import type { JsonCursor } from './reply/json-cursor.ts'
import { type ReadRecord, ReplyReader } from './reply/reply-reader.ts'
import { parseWindow } from './window.ts'

export const defaultEndpoint = 'http://localhost:9003'

export interface OpenCostClientOptions {
  /** The address of the API. Default: http://localhost:9003. A user name and password in it are sent as basic authentication. */
  readonly endpoint?: string
  /** How long the server may be silent. Default: 5 minutes, since OpenCost computes a large reply before its first byte. */
  readonly timeout?: Duration
  /** How often to ask again while there is no answer. Default: 2. */
  readonly retries?: number
  /** Sent as a bearer. */
  readonly token?: string | Secret
  readonly headers?: Readonly<Record<string, string>>
  /** A file of certificates (PEM) to trust. */
  readonly ca?: string
  /** Takes any certificate. */
  readonly insecure?: boolean
}

/** A question to `/allocation`. */
export interface AllocationQuery {
  /** A window in any form that `parseWindow` takes. */
  readonly window: string
  /** Default: container. */
  readonly aggregate?: string | undefined
  readonly includeIdle?: boolean | undefined
  readonly shareIdle?: boolean | undefined
  /** OpenCost makes a set for each step; a duration. */
  readonly step?: string | undefined
  /** OpenCost adds the steps up. */
  readonly accumulate?: boolean | undefined
  /** In OpenCost's own language, such as `namespace:"kube-system"`; needs a version that has it. */
  readonly filter?: string | undefined
}

/** A question to `/assets`. The server knows nothing else: levels and types are the caller's to sort out. */
export type AssetQuery = Pick<AllocationQuery, 'window' | 'filter'>

/** Records as they come, a few at a time. Whoever stops early closes the connection. */
export type Records<T> = AsyncIterable<readonly T[]>

/** Asks an OpenCost (or a Kubecost) for allocations and assets. Replies of any size are read in memory for one record. */
export class OpenCostClient {
  /** For people, and for the column Source. */
  readonly address: string
  readonly #connection: Connection

  /** Throws WaybillError `INVALID_OPTION` or `INVALID_DURATION`. */
  constructor({ endpoint = defaultEndpoint, ...options }: OpenCostClientOptions = {}) {
    const url = endpointOf(endpoint)
    this.address = addressOf(url)
    this.#connection = connectionTo(url, options)
  }

  /** All allocations of a query, typed. Rejects with WaybillError. */
  async allocations(query: AllocationQuery, context: Context = createContext()): Promise<Records<Allocation>> {
    return this.readAllocations(query, (cursor) => recordOf<Allocation>(cursor), context)
  }

  /** All assets of a query, typed, with their keys. Rejects with WaybillError. */
  async assets({ window, filter }: AssetQuery, context: Context = createContext()): Promise<Records<NamedAsset>> {
    const query = new URLSearchParams({ window: parseWindow(window, context.clock.now()).query, ...(filter && { filter }) })
    return this.#records('/assets', query, (cursor, name) => ({ name, asset: recordOf<Asset>(cursor) }), context)
  }

  /** The allocations of a query, each as `read` makes it of its bytes; resolves once the server begins to answer. */
  async readAllocations<T>(query: AllocationQuery, read: ReadRecord<T>, context: Context = createContext()): Promise<Records<T>> {
    const { window, aggregate = 'container', includeIdle = false, shareIdle = false, step, accumulate, filter } = query
    const parameters = new URLSearchParams({
      window: parseWindow(window, context.clock.now()).query,
      aggregate,
      includeIdle: String(includeIdle),
      shareIdle: String(shareIdle),
      ...(step !== undefined && { step }),
      ...(accumulate !== undefined && { accumulate: String(accumulate) }),
      ...(filter && { filter }),
    })
    return this.#records('/allocation', parameters, read, context)
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  async #records<T>(path: string, query: URLSearchParams, read: ReadRecord<T>, context: Context): Promise<Records<T>> {
    const body = await this.#connection.get(path, query, context)
    return readAll(body, new ReplyReader(read), this.address + path)
  }
}

async function* readAll<T>(body: AsyncIterable<Uint8Array>, reader: ReplyReader<T>, address: string): AsyncGenerator<readonly T[]> {
  try {
    for await (const bytes of body) {
      const records = reader.push(bytes)
      if (records.length > 0) yield records
    }
    const last = reader.end()
    if (last.length > 0) yield last
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    throw new OpenCostFailure(`${address} answered what cannot be read: ${thrown.message}`, {
      hint: 'check that the endpoint is that of the OpenCost API',
      cause: thrown,
    })
  }
  // Some proxies turn a failure into status 200; the envelope still tells.
  const { code, message } = reader.envelope
  if (typeof code === 'number' && code >= 400)
    throw new OpenCostFailure(`${address} answered with the code ${code}: ${String(message ?? 'no message')}`, {
      hint: 'the log of OpenCost should tell why',
    })
}

function recordOf<T>(cursor: JsonCursor): T {
  const start = cursor.at
  cursor.skipValue()
  return cursor.jsonFrom(start) as T
}

/** How an endpoint is reached by these options. Throws WaybillError `INVALID_OPTION` or `INVALID_DURATION`. */
export function connectionTo(endpoint: URL, options: Omit<OpenCostClientOptions, 'endpoint'>): Connection {
  const { timeout = '5m', retries = 2, token, headers = {}, ca, insecure = false } = options
  if (!(Number.isInteger(retries) && retries >= 0))
    throw new WaybillError('INVALID_OPTION', `retries is a whole number from 0, not ${retries}`)
  const timeoutMs = parseDuration(timeout)
  if (timeoutMs === 0) throw new WaybillError('INVALID_OPTION', 'the timeout is longer than 0')
  const secret = typeof token === 'string' ? new Secret(token) : token
  return new Connection({ endpoint, timeoutMs, retries, token: secret, headers, ca, insecure })
}

/** An endpoint as a URL. Throws WaybillError `INVALID_OPTION`. */
export function endpointOf(text: string): URL {
  const url = URL.parse(text)
  if (url && /^https?:$/.test(url.protocol)) return url
  throw new WaybillError('INVALID_OPTION', `${JSON.stringify(text)} is not an address that begins with http:// or https://`, {
    hint: `write the endpoint such as ${defaultEndpoint}`,
  })
}
