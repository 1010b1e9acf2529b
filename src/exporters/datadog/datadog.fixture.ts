/** A server of this machine that takes what Datadog takes, checks it by the published description of the API, and keeps it. */
import type { ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import { type ServerOptions, startServer, type TestServer } from '../../http/server.fixture.ts'
import { z } from '../../sdk.ts'
import { readMessage } from './protobuf.fixture.ts'

export const apiKey = 'hidden-key-0123456789'

export interface DatadogServer extends TestServer {
  /** What was taken, a request each: where it came, and what its body says. */
  readonly taken: readonly { readonly path: string; readonly body: unknown }[]
  /** In place of the usual answer, when it answers true. */
  answerInstead: (response: ServerResponse) => boolean
}

const unpacking = { identity: (body: Buffer) => body, deflate: inflateSync, gzip: gunzipSync, zstd: zstdDecompressSync }
const tags = z.array(z.string().min(1)).optional()
const seconds = z.int().min(1e9).max(9_999_999_999)
const metric = z.string().min(1).max(200)
const interval = z.int().min(1).optional()

/** What is taken at each path: sources are in limits.ts and series-formats.ts. */
const apis = {
  '/api/v2/series': {
    mostBytes: 5_242_880,
    mostPackedBytes: 512_000,
    encodings: ['identity', 'deflate', 'gzip', 'zstd'],
    schema: z.strictObject({
      series: z.array(
        z.strictObject({
          metric,
          type: z.literal([0, 1, 2, 3]),
          points: z.array(z.strictObject({ timestamp: seconds, value: z.number() })).min(1),
          tags,
          resources: z.array(z.strictObject({ type: z.string(), name: z.string() })).optional(),
          unit: z.string().optional(),
          interval,
        }),
      ),
    }),
  },
  '/api/v1/series': {
    mostBytes: 5_242_880,
    mostPackedBytes: 512_000,
    encodings: ['identity', 'deflate'],
    schema: z.strictObject({
      series: z.array(
        z.strictObject({
          metric,
          type: z.enum(['gauge', 'rate', 'count']),
          points: z.array(z.tuple([seconds, z.number()])).min(1),
          tags,
          host: z.string().optional(),
          interval,
        }),
      ),
    }),
  },
  '/api/v1/distribution_points': {
    mostBytes: 5_242_880,
    mostPackedBytes: 512_000,
    encodings: ['identity', 'deflate'],
    schema: z.strictObject({
      series: z.array(
        z.strictObject({
          metric,
          type: z.literal('distribution'),
          points: z.array(z.tuple([seconds, z.array(z.number()).min(1)])).min(1),
          tags,
          host: z.string().optional(),
        }),
      ),
    }),
  },
  '/api/v2/logs': {
    mostBytes: 5_000_000,
    mostPackedBytes: 5_000_000,
    encodings: ['identity', 'deflate', 'gzip', 'zstd'],
    schema: z
      .array(
        z.looseObject({ message: z.string(), timestamp: z.int().min(1e12), ddtags: z.string().optional(), service: z.string().optional() }),
      )
      .max(1000),
  },
  '/api/v1/events': {
    mostBytes: 5_242_880,
    mostPackedBytes: 5_242_880,
    encodings: ['identity'],
    schema: z.strictObject({
      title: z.string().min(1).max(100),
      text: z.string().min(1).max(4000),
      alert_type: z.enum(['error', 'warning', 'info', 'success']),
      aggregation_key: z.string().max(100),
      date_happened: seconds,
      priority: z.enum(['normal', 'low']),
      source_type_name: z.string(),
      host: z.string().optional(),
      tags,
    }),
  },
  '/api/v0.2/traces': {
    mostBytes: 3_200_000,
    mostPackedBytes: 3_200_000,
    encodings: ['identity', 'deflate', 'gzip', 'zstd'],
    schema: z.never(),
  },
} as const

/** Ends with the test. It answers 202, or says with a status of Datadog's why not. */
export async function startDatadog(t: Pick<TestContext, 'after'>, options: ServerOptions = {}): Promise<DatadogServer> {
  const taken: { path: string; body: unknown }[] = []
  const server = await startServer(
    t,
    (_request, response) => {
      if (datadog.answerInstead(response)) return
      const { method, url, headers, body: packed } = server.requests.at(-1)!
      const answer = (status: number, ...errors: readonly string[]) =>
        void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ errors }))
      const api = apis[url as keyof typeof apis]
      if (!api || method !== 'POST') return answer(404, 'Not found')
      if (headers['dd-api-key'] !== apiKey || 'dd-application-key' in headers) return answer(403, 'Forbidden')
      const encoding = (headers['content-encoding'] ?? 'identity') as keyof typeof unpacking
      if (!(api.encodings as readonly string[]).includes(encoding)) return answer(415, `Content-Encoding ${encoding}`)
      const bytes = unpacking[encoding](packed)
      if (packed.length > api.mostPackedBytes || bytes.length > api.mostBytes) return answer(413, 'Payload too large')
      if (headers['content-type'] === 'application/x-protobuf') {
        taken.push({ path: url, body: readMessage(url === '/api/v0.2/traces' ? 'AgentPayload' : 'MetricPayload', bytes) })
        return answer(202)
      }
      const read = api.schema.safeParse(JSON.parse(bytes.toString()))
      if (!read.success) return answer(400, z.prettifyError(read.error))
      taken.push({ path: url, body: read.data })
      answer(202)
    },
    options,
  )
  const datadog: DatadogServer = Object.assign(server, { taken, answerInstead: () => false })
  return datadog
}
