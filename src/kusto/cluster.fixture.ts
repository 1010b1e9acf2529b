import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { gunzipSync } from 'node:zlib'

/** What was put into the queue of a cluster, with what lies where it points. */
export interface QueuedFile {
  readonly message: Readonly<Record<string, unknown>> & { readonly AdditionalProperties: Readonly<Record<string, unknown>> }
  readonly content: string
}

/**
 * Stands in for a cluster of Kusto with its storage, as Microsoft's own client talks to them on loopback: commands, blobs and a queue.
 * `refuse` is the status that every command gets. Ends with the test.
 */
export async function startCluster(t: TestContext, refuse?: number) {
  const blobs = new Map<string, Buffer>()
  const queued: QueuedFile[] = []
  const authorizations = new Set<string | undefined>()

  /** A table as the first version of Kusto's interface has it. */
  const table = (names: readonly string[], rows: readonly (readonly string[])[]) =>
    JSON.stringify({ Tables: [{ TableName: 'Table_0', Columns: names.map((ColumnName) => ({ ColumnName })), Rows: rows }] })

  const command = (text: string): string => {
    if (text.startsWith('.get kusto identity token')) return table(['AuthorizationContext'], [['whoever']])
    const resources = ['SecuredReadyForAggregationQueue', 'FailedIngestionsQueue', 'SuccessfulIngestionsQueue', 'TempStorage']
    const rows = [...resources, 'IngestionsStatusTable'].map((name) => [name, `${url}/account/${name.toLowerCase()}?sig=granted`])
    return table(['ResourceTypeName', 'StorageRoot'], rows)
  }

  async function answer(request: IncomingMessage): Promise<{ status: number; body?: string }> {
    const body = await buffer(request)
    const { pathname } = new URL(request.url!, url)
    if (pathname === '/v1/rest/auth/metadata') return { status: 404 }
    if (pathname === '/v1/rest/mgmt') {
      authorizations.add(request.headers.authorization)
      if (refuse !== undefined) return { status: refuse, body: '{}' }
      return { status: 200, body: command((JSON.parse(body.toString()) as { csl: string }).csl) }
    }
    if (request.method === 'PUT') {
      blobs.set(pathname, body)
      return { status: 201 }
    }
    const [, text] = /<MessageText>(.*)<\/MessageText>/.exec(body.toString())!
    const message = JSON.parse(Buffer.from(text!, 'base64').toString()) as QueuedFile['message']
    queued.push({ message, content: gunzipSync(blobs.get(new URL(message.BlobPath as string).pathname)!).toString() })
    return { status: 201, body: '<QueueMessagesList><QueueMessage><MessageId>1</MessageId></QueueMessage></QueueMessagesList>' }
  }

  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => response.writeHead(status).end(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, queued, authorizations }
}
