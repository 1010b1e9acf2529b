import type { AddressInfo } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PrometheusTextEncoder } from '../../codecs/prometheus-text/prometheus-text.ts'
import { cannotListen } from '../../core/cannot-listen.ts'
import { WaybillError } from '../../core/errors.ts'
import { formatAddress, type ListenAddress, listenProblem, parseListenAddress } from '../../core/listen-address.ts'
import type { Log } from '../../core/log.ts'
import { toError } from '../../core/result.ts'
import type { Secret } from '../../core/secret.ts'
import { deadLetterRoutes } from '../../dead-letters/routes.ts'
import { bearsToken } from '../../http/bearer-token.ts'
import { z } from '../../sdk.ts'
import { version } from '../../version.ts'
import type { Agent } from '../agent.ts'
import { agentMetrics } from '../self-metrics.ts'
import { arraysRoutes } from './arrays.ts'
import * as schemas from './schemas.ts'
import { streamTap, tapKindOf } from './tap.ts'
import { pipelinesOf, readinessOf } from './views.ts'

export interface ApiOptions {
  readonly agent: Agent
  readonly listen: string
  readonly token?: Secret
  readonly log: Log
}

/** The agent's HTTP API. Beyond loopback every request needs the token, except the probes. */
export class ApiServer {
  readonly #options: ApiOptions
  readonly #address: ListenAddress
  #app: FastifyInstance | undefined
  #url: string | undefined

  /** Throws WaybillError `INVALID_OPTION` when it would listen beyond loopback without a token. */
  constructor(options: ApiOptions) {
    this.#options = options
    const problem = listenProblem(options.listen, options.token !== undefined)
    if (problem) throw new WaybillError('INVALID_OPTION', problem, { at: 'api.listen' })
    this.#address = parseListenAddress(options.listen)
  }

  get url(): string | undefined {
    return this.#url
  }

  /** Throws WaybillError `DESTINATION_UNAVAILABLE` when it cannot listen. */
  async start(): Promise<void> {
    const app = await this.#build()
    this.#app = app
    try {
      await app.listen({ ...this.#address })
    } catch (thrown) {
      await app.close()
      const { message, hint } = cannotListen(this.#address, toError(thrown))
      throw new WaybillError('DESTINATION_UNAVAILABLE', message, { at: 'api.listen', cause: thrown, ...(hint && { hint }) })
    }
    const { address, port } = app.server.address() as AddressInfo
    this.#url = `http://${formatAddress({ host: address, port })}`
  }

  async stop(): Promise<void> {
    await this.#app?.close()
    this.#app = undefined
  }

  async #build(): Promise<FastifyInstance> {
    const [{ default: fastify }, { default: swagger }] = await Promise.all([import('fastify'), import('@fastify/swagger')])
    const app = fastify({ logger: false, forceCloseConnections: true, exposeHeadRoutes: true })
    // The schemas are for /openapi.json: what comes in is parsed by the same zod schemas where it is used.
    app.setSerializerCompiler(() => (value) => JSON.stringify(value))
    app.setValidatorCompiler(() => () => true)
    app.setNotFoundHandler((request, reply) =>
      reply.code(404).send({ error: `there is nothing at ${request.url.split('?')[0]}; /openapi.json tells what there is` }),
    )
    app.setErrorHandler((error, _request, reply) => this.#fail(toError(error), reply))
    app.addHook('onRequest', (request, reply) => this.#authorize(request, reply))
    const securitySchemes = { token: { type: 'http', scheme: 'bearer' } } as const
    const guarded = this.#options.token ? { components: { securitySchemes }, security: [{ token: [] }] } : {}
    await app.register(swagger, { openapi: { openapi: '3.1.0', info: { title: 'Waybill agent', version }, ...guarded } })
    app.after(() => this.#routes(app))
    return app
  }

  #routes(app: FastifyInstance): void {
    const { agent } = this.#options
    const encoder = new PrometheusTextEncoder()
    app.get('/healthz', describe('Whether the process lives.', schemas.liveness), () => ({
      status: 'alive',
      version,
      uptimeMs: Date.now() - agent.startedMs,
    }))
    app.get(
      '/readyz',
      describe(
        'Whether it can take records and deliver them somewhere, with the health of every component. 503 when not.',
        schemas.readiness,
      ),
      (_request, reply) => {
        const readiness = readinessOf(agent)
        return reply.code(readiness.status === 'ready' || readiness.status === 'degraded' ? 200 : 503).send(readiness)
      },
    )
    app.get('/metrics', { schema: { summary: 'Metrics of the agent itself, in the Prometheus text format.' } }, (_request, reply) =>
      reply.type(encoder.contentType).send(Buffer.from(encoder.encode(agentMetrics(agent)))),
    )
    app.get('/api/v1/ledger', describe('The books of every exporter and pipeline, in records.', schemas.ledger), () => agent.figures())
    app.get('/api/v1/pipelines', describe('What flows where.', schemas.pipelines), () => pipelinesOf(agent))
    app.get<{ Params: { name: string } }>(
      '/api/v1/tap/:name',
      { exposeHeadRoute: false, schema: { summary: 'What passes an exporter or pipeline, live, as JSON lines.' } },
      (request, reply) => {
        const { name } = request.params
        const kind = tapKindOf(agent, name)
        if (!kind) return reply.code(404).send({ error: `there is no exporter or pipeline ${name}` })
        reply.hijack()
        streamTap(agent, kind, name, reply.raw)
      },
    )
    app.post(
      '/api/v1/reload',
      describe('Reads the configuration again. 422 when it has errors: then the old one goes on.', schemas.reloaded),
      async (_request, reply) => {
        try {
          await agent.reload()
          return { status: 'reloaded' }
        } catch (thrown) {
          return reply.code(422).send({ error: toError(thrown).message })
        }
      },
    )
    const levelsNow = () => ({ level: agent.levels.level, components: agent.levels.components })
    app.get('/api/v1/log', describe('From which level on the agent logs.', schemas.logLevels), levelsNow)
    const change = schemas.logLevels.partial()
    const put = describe('Changes the levels that are given, until the next start or changed configuration.', schemas.logLevels)
    app.put('/api/v1/log', { schema: { ...put.schema, body: z.toJSONSchema(change) } }, (request, reply) => {
      const { data, error } = change.safeParse(request.body)
      if (error) return reply.code(400).send({ error: z.prettifyError(error) })
      agent.levels.change(data)
      return levelsNow()
    })
    deadLetterRoutes(app, {
      store: agent.deadLetters,
      exporterOf: (name) => agent.instances.exporters.get(name),
      context: agent.context,
    })
    if (agent.config.file.arrays) arraysRoutes(app, agent)
    app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  }

  async #authorize(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { token } = this.#options
    const changes = request.method !== 'GET' && request.method !== 'HEAD'
    if (changes && request.headers.origin) return reply.code(403).send({ error: 'this is not for web pages' })
    if (!token || request.url === '/healthz' || request.url === '/readyz') return
    if (bearsToken(request.headers.authorization, token)) return
    await reply
      .code(401)
      .header('www-authenticate', 'Bearer')
      .send({ error: 'this needs the token under api.token, as: Authorization: Bearer …' })
  }

  #fail(error: Error & { statusCode?: number }, reply: FastifyReply): FastifyReply {
    const status = error.statusCode ?? 500
    if (status >= 500) this.#options.log.error('an API request failed', { error })
    return reply.code(status).send({ error: status >= 500 ? 'internal error; the log tells more' : error.message })
  }
}

function describe(summary: string, answer: z.ZodType) {
  return { schema: { summary, response: { 200: z.toJSONSchema(answer), default: z.toJSONSchema(schemas.failure) } } }
}
