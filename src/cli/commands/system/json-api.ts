/** The charts as JSON: `GET /metrics`, for programs on this machine. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cannotListen } from '../../../core/cannot-listen.ts'
import { formatAddress, type ListenAddress } from '../../../core/listen-address.ts'
import type { Point } from '../../../core/point.ts'
import { toError } from '../../../core/result.ts'
import { type Modes, usualModes } from '../../../dashboard/groups.ts'
import { holdMs } from '../../../dashboard/hold-ms.ts'
import { rowsOf } from '../../../dashboard/rows/rows.ts'
import { SeriesStore } from '../../../dashboard/series-store.ts'

export interface JsonApiOptions {
  readonly address: ListenAddress
  readonly refreshMs: number
  /** How many samples a history has at most. */
  readonly bufferSize: number
}

/** Whatever the screen shows of a group. */
const everything: Modes = { ...usualModes, cpu: 'all', gpu: 'load_and_vram', ram: 'all', power: 'all' }

/**
 * Keeps the last samples and serves them. `metrics` is by group and title, with a history of which the last value is the newest, and
 * null where there was none; `timestamp` is that of the newest, in Unix seconds, and null before there is one.
 */
export class JsonApi {
  readonly #options: JsonApiOptions
  readonly #store: SeriesStore
  readonly #server: Server

  constructor(options: JsonApiOptions) {
    this.#options = options
    this.#store = new SeriesStore({ capacity: options.bufferSize, holdMs })
    this.#server = createServer((request, response) => this.#answer(request, response))
    this.#server.maxConnections = 100
  }

  get url(): string {
    const { address, port } = this.#server.address() as AddressInfo
    return `http://${formatAddress({ host: address, port })}/metrics`
  }

  /** Rejects with WaybillError `DESTINATION_UNAVAILABLE` when it cannot listen. */
  async start(): Promise<void> {
    const { address } = this.#options
    try {
      this.#server.listen({ ...address })
      await once(this.#server, 'listening')
    } catch (thrown) {
      throw cannotListen(address, toError(thrown))
    }
  }

  /** Points named as by the `system` source with `naming: cubestat`. */
  take(points: readonly Point[], timeMs: number): void {
    const values = points.flatMap(({ series, value }) => (typeof value === 'number' ? [[series.name, value] as const] : []))
    this.#store.update(timeMs, values)
  }

  /** Cuts every connection. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  #answer({ method, url = '' }: IncomingMessage, response: ServerResponse): void {
    const plain = (status: number, message: string) =>
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(message)
    if (url.split('?')[0] !== '/metrics') return void plain(404, 'Not Found')
    if (method !== 'GET' && method !== 'HEAD') return void plain(405, 'Method Not Allowed')
    const body = JSON.stringify(this.#metrics(), undefined, 2)
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'access-control-allow-origin': '*',
    })
    response.end(body)
  }

  #metrics(): object {
    const { refreshMs } = this.#options
    const metrics: Record<string, Record<string, object>> = {}
    for (const { name, group, title } of rowsOf(this.#store.names, everything)) {
      const history = this.#store.slice(name, 0, this.#store.length).map((value) => (Number.isNaN(value) ? null : value))
      metrics[group] = { ...metrics[group], [title]: { current_value: history.at(-1) ?? null, history, count: history.length } }
    }
    const newestMs = this.#store.times(0, 1)[0]
    return { timestamp: newestMs === undefined ? null : newestMs / 1000, metrics, metadata: { refresh_ms: refreshMs } }
  }
}
