import { randomUUID } from 'node:crypto'
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { bearsToken } from '../../http/bearer-token.ts'
import { type Log, type Secret, toError } from '../../sdk.ts'
import type { Arrays } from '../collection/arrays.ts'
import { ArrayFailure } from '../model/failures.ts'
import type { Registry } from '../registry/registry.ts'
import { accessRoutes } from './access-routes.ts'
import { alertRoutes } from './alert-routes.ts'
import { metricRoutes } from './metric-routes.ts'
import { resourceRoutes } from './resource-routes.ts'
import { storageRoutes } from './storage-routes.ts'

export interface ArraysApiOptions {
  readonly registry: Registry
  /** Who collects what the arrays measure, and hands on their alerts. */
  readonly collecting: Pick<Arrays, 'collect' | 'remove' | 'syncAlerts' | 'cleared' | 'trapSourcesChanged'>
  /** Asked for with every request, where there is one. */
  readonly token?: Secret | undefined
  readonly log: Log
}

const mostBodyBytes = 1 << 20

/**
 * The REST API of storage arrays, version 1, as a plugin of Fastify: `app.register(arraysApi(options), { prefix: '/v1' })`. Everything
 * that it answers is JSON, and nothing has a secret in it.
 */
export const arraysApi = (options: ArraysApiOptions) => async (app: FastifyInstance) => {
  answerAsArrays(app, options)
  arrayRoutes(app, options)
}

/** Who may ask, how bodies are read and how failures are told: of all routes of this instance and below it. */
export function answerAsArrays(app: FastifyInstance, { token, log }: Pick<ArraysApiOptions, 'token' | 'log'>): void {
  // Bodies are read where they are used, and say themselves what they are: the schemas are for the OpenAPI document.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: mostBodyBytes }, (_request, body, done) => done(null, body))
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-compute-request-id', `req-${randomUUID()}`)
    if (token && !bearsToken(request.headers.authorization, token)) {
      reply.header('www-authenticate', 'Bearer')
      throw new ArrayFailure('NotAuthenticated')
    }
    // A page that a person of this machine looks at could otherwise send what this API takes for a change.
    const changes = request.method !== 'GET' && request.method !== 'HEAD'
    if (changes && request.headers.origin) throw new ArrayFailure('NotAuthorized')
  })
  app.setNotFoundHandler(() => {
    throw new ArrayFailure('NotFound')
  })
  app.setErrorHandler((thrown, request, reply) => {
    const failure = failureOf(toError(thrown) as FastifyError)
    if (failure.status >= 500) log.error('a request for arrays failed', { method: request.method, error: failure.cause ?? failure })
    return fail(reply, failure)
  })
}

export function arrayRoutes(app: FastifyInstance, options: ArraysApiOptions): void {
  storageRoutes(app, options)
  metricRoutes(app, options)
  accessRoutes(app, options)
  alertRoutes(app, options)
  resourceRoutes(app, options)
}

/** Answers with a failure. */
export const fail = (reply: FastifyReply, { status, code, message, args }: ArrayFailure): FastifyReply =>
  reply.code(status).type('application/json; charset=utf-8').send({ error_code: code, error_msg: message, error_args: args })

function failureOf(error: FastifyError): ArrayFailure {
  if (error instanceof ArrayFailure) return error
  if (error.statusCode === 413) return new ArrayFailure('RequestTooLarge', [String(mostBodyBytes)])
  const ofClient = error.statusCode !== undefined && error.statusCode < 500
  return new ArrayFailure(ofClient ? 'BadRequest' : 'InternalError', [], { cause: error })
}
