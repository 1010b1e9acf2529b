import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Clock, systemClock } from '../../core/index.ts'
import { stepsOf } from '../steps.ts'
import { type CostWindow, parseWindow } from '../window.ts'
import { allocationReply } from './allocation-reply.ts'
import { assetsReply } from './assets-reply.ts'
import { Cluster, type ClusterSize } from './cluster.ts'
import { metricsText } from './metrics-text.ts'

export interface SimulatorOptions extends ClusterSize {
  readonly clock?: Clock
}

/** Pieces are put together to about so many characters before they are sent. */
const sentCharacters = 65_536

/** A question that is answered with an error, in plain text or as an envelope. */
class Refused extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/**
 * Answers `/allocation`, `/allocation/compute`, `/assets`, `/metrics` and `/healthz` as OpenCost 1.11x does, for a made-up cluster that
 * is the same for the same size and seed. Every answer says so in its header `x-simulation`.
 */
export class OpenCostSimulator {
  readonly #cluster: Cluster
  readonly #clock: Clock
  readonly #server: Server

  constructor({ clock = systemClock, ...size }: SimulatorOptions) {
    this.#cluster = new Cluster(size)
    this.#clock = clock
    this.#server = createServer((request, response) => void this.#answer(request, response))
  }

  /** Listens, on any free port for 0, and resolves with its address. */
  async listen(port: number, host = '127.0.0.1'): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, host, resolve)
    })
    const address = this.#server.address() as AddressInfo
    return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('x-simulation', 'waybill simulate opencost: made-up data')
    try {
      if (request.method !== 'GET') throw new Refused(405, 'Method Not Allowed')
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
      const [type, pieces] = this.#reply(pathname, searchParams)
      response.setHeader('content-type', type)
      await pipeline(Readable.from(gathered(pieces), { objectMode: false }), response)
    } catch (thrown) {
      // Whoever asked has gone.
      if (response.headersSent) return void response.destroy()
      const { status = 500, message } = thrown as Partial<Refused> & Error
      const envelope = status === 500
      response.writeHead(status, { 'content-type': envelope ? 'application/json' : 'text/plain; charset=utf-8' })
      response.end(envelope ? JSON.stringify({ code: 500, status: '', data: null, message: `Error: ${message}` }) : `${message}\n`)
    }
  }

  #reply(path: string, query: URLSearchParams): readonly [type: string, Iterable<string>] {
    const nowMs = this.#clock.now()
    const yes = (name: string) => query.get(name) === 'true'
    switch (path) {
      case '/healthz':
        return ['text/plain; charset=utf-8', []]
      case '/metrics':
        return ['text/plain; version=0.0.4; charset=utf-8', metricsText(this.#cluster)]
      case '/assets':
        return ['application/json', assetsReply(this.#cluster, windowOf(query, nowMs), nowMs)]
      case '/allocation':
      case '/allocation/compute': {
        const window = windowOf(query, nowMs)
        const windows = yes('accumulate') ? [window] : stepsOf(window, stepOf(query), nowMs)
        const aggregate = (query.get('aggregate') || 'cluster,node,namespace,pod,container').split(',')
        const request = { windows, aggregate, includeIdle: yes('includeIdle'), shareIdle: yes('shareIdle'), nowMs }
        return ['application/json', allocationReply(this.#cluster, request)]
      }
    }
    throw new Refused(404, '404 page not found')
  }
}

const longestMs = 400 * 86_400_000

/** A window in OpenCost's own forms only. */
function windowOf(query: URLSearchParams, nowMs: number): CostWindow {
  const text = query.get('window') ?? ''
  const window = attempt(() => parseWindow(text, nowMs))
  if (window?.query !== text) throw new Refused(400, `Invalid 'window' parameter: illegal window: ${text}`)
  if (window.end.getTime() - window.start.getTime() > longestMs)
    throw new Refused(500, `boundary error: requested [${text}]; supported are 400 days`)
  return window
}

const unitsMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function stepOf(query: URLSearchParams): number | undefined {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(query.get('step') ?? '') ?? []
  return unit === undefined ? undefined : Number(count) * unitsMs[unit]!
}

function attempt<T>(task: () => T): T | undefined {
  try {
    return task()
  } catch {
    return undefined
  }
}

function* gathered(pieces: Iterable<string>): Generator<string> {
  let text = ''
  for (const piece of pieces) {
    text += piece
    if (text.length < sentCharacters) continue
    yield text
    text = ''
  }
  yield text
}
