/** A server of this machine that takes lines as InfluxDB does, and what it has been given. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { type FieldValue, type ParsedLine, parseLine } from '../../codecs/line-protocol/parse.fixture.ts'
import { type ServerOptions, startServer, type TestServer } from '../../http/server.fixture.ts'

export interface InfluxDB extends TestServer {
  /** What a query would find: `measurement,tag=value field time` and the value. */
  readonly stored: ReadonlyMap<string, FieldValue>
  /** The lines of each write, as they came. */
  readonly writes: readonly (readonly string[])[]
  /** Why a line is refused, or undefined. */
  refuse: (line: ParsedLine) => string | undefined
  /** In place of the usual answer, when it answers true. */
  answerInstead: (request: IncomingMessage, response: ServerResponse) => boolean
}

export interface InfluxDBOptions extends ServerOptions {
  readonly version?: 1 | 2 | 3
}

const paths = { 1: '/write', 2: '/api/v2/write', 3: '/api/v3/write_lp' } as const

/** Ends with the test. */
export async function startInfluxDB(t: Pick<TestContext, 'after'>, { version = 1, ...options }: InfluxDBOptions = {}): Promise<InfluxDB> {
  const stored = new Map<string, FieldValue>()
  const writes: string[][] = []
  const server = await startServer(
    t,
    (request, response) => {
      if (influxdb.answerInstead(request, response)) return
      const { url, headers, body } = server.requests.at(-1)!
      if (new URL(url, server.url).pathname !== paths[version]) return void response.writeHead(404).end('404 page not found')
      const text = (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString()
      const lines = text.split('\n')
      if (lines.pop() !== '') throw new Error('the last line does not end')
      writes.push(lines)
      const refused: Refused[] = []
      for (const [index, line] of lines.entries()) {
        const reason = take(line)
        if (reason !== undefined) refused.push({ index, line, reason })
      }
      if (refused.length === 0) return void response.writeHead(204).end()
      const { status, answer } = refusals[version](refused)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    },
    options,
  )
  function take(line: string): string | undefined {
    const parsed = parseLine(line, version === 3 ? 'escaped' : 'literal')
    const reason = influxdb.refuse(parsed)
    if (reason !== undefined) return reason
    const series = [parsed.measurement, ...parsed.tags.map((tag) => tag.join('='))].join()
    for (const [field, value] of parsed.fields) stored.set(`${series} ${field} ${parsed.time}`, value)
    return undefined
  }
  const influxdb: InfluxDB = Object.assign(server, { stored, writes, refuse: () => undefined, answerInstead: () => false })
  return influxdb
}

interface Refused {
  readonly index: number
  readonly line: string
  readonly reason: string
}

/** As each version words it. */
const refusals: Record<1 | 2 | 3, (refused: readonly Refused[]) => { status: number; answer: unknown }> = {
  1: (refused) => ({ status: 400, answer: { error: `partial write: ${refused[0]!.reason} dropped=${refused.length}` } }),
  2: (refused) => ({
    status: 422,
    answer: {
      code: 'unprocessable entity',
      message: `failure writing points to database: partial write: ${refused[0]!.reason} dropped=${refused.length}`,
    },
  }),
  3: (refused) => ({
    status: 400,
    answer: {
      error: 'partial write of line protocol occurred',
      data: refused.map(({ index, line, reason }) => ({ original_line: line, line_number: index + 1, error_message: reason })),
    },
  }),
}
