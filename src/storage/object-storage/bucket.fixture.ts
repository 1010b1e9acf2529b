/** A service on this machine that keeps the objects of one bucket in memory, and fails as it is told. */
import { type Received, startServer, type TestServer } from '../../http/server.fixture.ts'
import type { ListedObject } from './object-store.ts'

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** `hang`: it never answers; `cut`: it closes the connection; `lose`: it does what it is asked, and its answers to what writes are lost. */
export type Misbehaviour = Reply | 'hang' | 'cut' | 'lose'

/** A request as the service sees it. */
export interface Asked extends Received {
  readonly path: string
  readonly query: URLSearchParams
}

export interface BucketService {
  readonly url: string
  readonly port: number
  readonly objects: StoredObjects
  readonly requests: readonly Received[]
  /** How it answers from now on; undefined: as it should. */
  misbehave(how: Misbehaviour | undefined): void
  close(): Promise<void>
}

export interface ServiceOptions {
  readonly objects?: StoredObjects
  /** Default: any that is free. */
  readonly port?: number
  /** How many names are told at once. */
  readonly pageSize?: number
}

export type ServiceProtocol = (asked: Asked, objects: StoredObjects, options: ServiceOptions & { readonly url: string }) => Reply

/** Serves objects by a protocol. */
export async function serveBucket(protocol: ServiceProtocol, options: ServiceOptions = {}): Promise<BucketService> {
  const { objects = new StoredObjects(), port = 0 } = options
  let misbehaviour: Misbehaviour | undefined
  const server: TestServer = await startServer(
    { after: () => {} },
    (request, response) => {
      const received = server.requests.at(-1)!
      const { pathname, searchParams } = new URL(received.url, server.url)
      if (misbehaviour === 'hang') return
      if (misbehaviour === 'cut') return void request.socket.destroy()
      const asked = { ...received, path: pathname, query: searchParams }
      const reply = typeof misbehaviour === 'object' ? misbehaviour : protocol(asked, objects, { ...options, url: server.url })
      if (misbehaviour === 'lose' && received.body.length > 0) return void request.socket.destroy()
      const { status, headers = {}, body = '' } = reply
      response.writeHead(status, { connection: 'close', ...headers }).end(received.method === 'HEAD' ? '' : body)
    },
    { port },
  )
  const misbehave = (how: Misbehaviour | undefined) => {
    misbehaviour = how
  }
  return { url: server.url, port: server.port, objects, requests: server.requests, misbehave, close: () => server.close() }
}

export interface Stored {
  readonly bytes: Uint8Array
  readonly modified: Date
}

/** What is stored, and what of it is told in a listing. */
export class StoredObjects extends Map<string, Stored> {
  /** Of uploads that are not complete, by their id. */
  readonly uploads = new Map<string, Map<number | string, Uint8Array>>()
  #uploads = 0

  put(key: string, bytes: Uint8Array): void {
    this.set(key, { bytes, modified: new Date() })
  }

  begin(): string {
    const id = `upload-${++this.#uploads}`
    this.uploads.set(id, new Map())
    return id
  }

  /** A page of what begins with the prefix, after the entry `after`. Directories are one entry each, unless `isFlat`. */
  page(
    prefix: string,
    after: string,
    size: number,
    isFlat = false,
  ): { objects: ListedObject[]; prefixes: string[]; next: string | undefined } {
    const entries = new Map<string, ListedObject | undefined>()
    for (const [key, { bytes, modified }] of this) {
      if (!key.startsWith(prefix)) continue
      const slash = isFlat ? -1 : key.indexOf('/', prefix.length)
      if (slash >= 0) entries.set(key.slice(0, slash + 1), undefined)
      else entries.set(key, { key, size: bytes.length, modifiedMs: modified.getTime() })
    }
    const left = [...entries].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))).filter(([name]) => name > after)
    const page = left.slice(0, size)
    return {
      objects: page.flatMap(([, object]) => object ?? []),
      prefixes: page.flatMap(([name, object]) => (object ? [] : [name])),
      next: left.length > size ? page.at(-1)![0] : undefined,
    }
  }
}

/** An element of XML for each value, empty where it is undefined. */
export const xml = (name: string, ...content: readonly string[]): string => `<${name}>${content.join('')}</${name}>`

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => entities[letter]!)
