import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { cannotListen, formatAddress, listenProblem, parseListenAddress, toError, WaybillError } from '../../sdk.ts'
import { version } from '../../version.ts'
import { ArrayFailure } from '../model/failures.ts'
import { type ArraysApiOptions, answerAsArrays, arrayRoutes, fail } from './arrays-api.ts'

export interface ArraysServerOptions extends ArraysApiOptions {
  /** host:port; beyond loopback a token is needed. */
  readonly listen: string
}

const requestWithinMs = 60_000

/** The REST API of storage arrays at an address of its own: below /v1, and its description at /openapi.json. */
export class ArraysServer {
  readonly #options: ArraysServerOptions
  #app: FastifyInstance | undefined
  #url: string | undefined

  /** Throws WaybillError `INVALID_OPTION` when it would listen beyond loopback without a token. */
  constructor(options: ArraysServerOptions) {
    const problem = listenProblem(options.listen, options.token !== undefined)
    if (problem) throw new WaybillError('INVALID_OPTION', problem, { at: 'arrays.listen' })
    this.#options = options
  }

  get url(): string | undefined {
    return this.#url
  }

  /** Throws WaybillError `DESTINATION_UNAVAILABLE` when it cannot listen. */
  async start(): Promise<void> {
    const listen = parseListenAddress(this.#options.listen)
    const app = await createArraysApp(this.#options)
    try {
      await app.listen({ ...listen })
    } catch (thrown) {
      await app.close()
      throw cannotListen(listen, toError(thrown))
    }
    this.#app = app
    const { address, port } = app.server.address() as AddressInfo
    this.#url = `http://${formatAddress({ host: address, port })}`
  }

  /** Requests under way are cut off. */
  async stop(): Promise<void> {
    await this.#app?.close()
    this.#app = undefined
  }
}

/** The same without an address. */
export async function createArraysApp(options: ArraysApiOptions): Promise<FastifyInstance> {
  const [{ default: fastify }, { default: swagger }] = await Promise.all([import('fastify'), import('@fastify/swagger')])
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    requestTimeout: requestWithinMs,
    routerOptions: { maxParamLength: 1000 },
    frameworkErrors: (_error, _request, reply) => void fail(reply, new ArrayFailure('MalformedRequestUrl')),
  })
  const securitySchemes = { token: { type: 'http', scheme: 'bearer' } } as const
  const guarded = options.token ? { components: { securitySchemes }, security: [{ token: [] }] } : {}
  await app.register(swagger, { openapi: { openapi: '3.1.0', info: { title: 'Waybill storage arrays', version }, ...guarded } })
  answerAsArrays(app, options)
  await app.register(async (below) => arrayRoutes(below, options), { prefix: '/v1' })
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  return app
}
