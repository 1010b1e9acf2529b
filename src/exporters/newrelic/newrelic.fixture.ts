/** A server of this machine that takes what New Relic takes, checks it by the published description of its APIs, and keeps it. */
import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { type ServerOptions, startServer, type TestServer } from '../../http/server.fixture.ts'
import { z } from '../../sdk.ts'
import type { NewRelicExporterOptions } from './newrelic.ts'

export const licenseKey = 'hidden-key-0123456789'

export interface NewRelicServer extends TestServer {
  /** What was taken, a request each: where it came, and what its body says. */
  readonly taken: readonly { readonly path: string; readonly body: unknown }[]
  /** Options that send everything here. */
  readonly options: NewRelicExporterOptions
  /** In place of the usual answer, when it answers true. */
  answerInstead: (response: ServerResponse) => boolean
}

const value = z.union([z.string().max(4096), z.number(), z.boolean()])
const attributesOf = (most: number, of: z.ZodType = value) =>
  z.record(z.string().min(1).max(255), of).refine((given) => Object.keys(given).length <= most, 'too many attributes')
const common = z.strictObject({ attributes: attributesOf(150) }).optional()
const milliseconds = z.int().min(1e12).max(9_999_999_999_999)
const interval = { 'interval.ms': z.int().positive() }
const summary = z.strictObject({ count: z.number(), sum: z.number(), min: z.number(), max: z.number() })
const data = { name: z.string().min(1).max(254), timestamp: milliseconds, attributes: attributesOf(150) }

/** What is taken at each path: sources are in apis.ts and limits.ts. */
const schemas: Readonly<Record<string, z.ZodType>> = {
  '/metric/v1': z.array(
    z.strictObject({
      common,
      metrics: z.array(
        z.discriminatedUnion('type', [
          z.strictObject({ ...data, type: z.literal('gauge'), value: z.number() }),
          z.strictObject({ ...data, ...interval, type: z.literal('count'), value: z.number() }),
          z.strictObject({ ...data, ...interval, type: z.literal('summary'), value: summary }),
        ]),
      ),
    }),
  ),
  '/trace/v1': z.array(
    z.strictObject({
      common,
      spans: z.array(
        z.strictObject({ id: z.string().min(1), 'trace.id': z.string().min(1), timestamp: milliseconds, attributes: attributesOf(255) }),
      ),
    }),
  ),
  '/log/v1': z.array(
    z.strictObject({
      common,
      logs: z.array(
        z.strictObject({
          timestamp: milliseconds,
          message: z.string(),
          attributes: attributesOf(255, z.union([z.string(), z.number(), z.boolean()])),
        }),
      ),
    }),
  ),
  '/v1/accounts/42/events': z.array(
    attributesOf(255, z.union([z.string().max(4096), z.number(), z.boolean()])).refine(
      ({ eventType, timestamp }) => /^[\w:]+$/.test(String(eventType)) && milliseconds.safeParse(timestamp).success,
      'no event',
    ),
  ),
}

/** Ends with the test. It answers as New Relic does: 202 with a `requestId`, for events 200, or a status that says why not. */
export async function startNewRelic(t: Pick<TestContext, 'after'>, options: ServerOptions = {}): Promise<NewRelicServer> {
  const taken: { path: string; body: unknown }[] = []
  const server = await startServer(
    t,
    (_request, response) => {
      if (newRelic.answerInstead(response)) return
      const { method, url, headers, body: packed } = server.requests.at(-1)!
      const answer = (status: number, body: object) =>
        void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      const schema = schemas[url]
      if (!schema) return answer(404, {})
      if (method !== 'POST') return answer(405, {})
      if (headers['api-key'] !== licenseKey) return answer(403, {})
      if (headers['content-type'] !== 'application/json') return answer(415, {})
      if (url === '/trace/v1' && (headers['data-format'] !== 'newrelic' || headers['data-format-version'] !== '1')) return answer(400, {})
      const bytes = headers['content-encoding'] === 'gzip' ? gunzipSync(packed) : packed
      if (bytes.length > 1_000_000) return answer(413, {})
      const read = schema.safeParse(JSON.parse(bytes.toString()))
      if (!read.success) return answer(400, { error: z.prettifyError(read.error) })
      taken.push({ path: url, body: read.data })
      if (url.endsWith('/events')) answer(200, { success: true, uuid: randomUUID() })
      else answer(202, { requestId: randomUUID() })
    },
    options,
  )
  const newRelic: NewRelicServer = Object.assign(server, {
    taken,
    options: {
      licenseKey,
      accountId: 42,
      metricsApiUrl: `${server.url}/metric/v1`,
      eventsApiUrl: `${server.url}/v1/accounts/{account_id}/events`,
      tracesApiUrl: `${server.url}/trace/v1`,
      logsApiUrl: `${server.url}/log/v1`,
    },
    answerInstead: () => false,
  })
  return newRelic
}
