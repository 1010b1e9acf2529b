/**
 * A cluster of Kusto on this machine, as Microsoft's own client talks to it: commands over its REST interface, blobs and a queue
 * (https://learn.microsoft.com/kusto/api/netfx/kusto-ingest-client-rest). What is queued it takes in at once, by the mapping.
 */
import assert from 'node:assert/strict'
import { gunzipSync } from 'node:zlib'
import { type Received, startServer, type TestServer } from '../../http/server.fixture.ts'

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** `hang`: it answers when it behaves again; `cut`: it closes the connection. */
export type Misbehaviour = Reply | 'hang' | 'cut'

export interface ClusterOptions {
  readonly port?: number
  /** Addresses of a container and a queue, with their tokens. Default: in the cluster itself. */
  readonly storage?: { readonly container: string; readonly queue: string }
}

export interface StoredTable {
  /** Types by name. */
  readonly columns: Map<string, string>
  readonly rows: Readonly<Record<string, unknown>>[]
}

export interface Message {
  readonly Id: string
  readonly BlobPath: string
  readonly DatabaseName: string
  readonly TableName: string
  readonly FlushImmediately: boolean
  readonly AdditionalProperties: Readonly<Record<string, string>>
}

interface Mapping {
  readonly Column: string
  readonly DataType: string
  readonly Properties: { readonly Path: string }
}

export const token = 'eyJ0eXAi.a-token-of-entra.which-nobody-may-see'
const resources = [
  'SecuredReadyForAggregationQueue',
  'FailedIngestionsQueue',
  'SuccessfulIngestionsQueue',
  'TempStorage',
  'IngestionsStatusTable',
]

export class Cluster {
  readonly tables = new Map<string, StoredTable>()
  readonly messages: Message[] = []
  readonly commands: string[] = []
  readonly #blobs = new Map<string, Buffer>()
  readonly #tags = new Set<string>()
  readonly #waiting: (() => void)[] = []
  readonly #options: ClusterOptions
  #server: TestServer | undefined
  #misbehaviour: Misbehaviour | undefined

  private constructor(options: ClusterOptions) {
    this.#options = options
  }

  static async start(options: ClusterOptions = {}): Promise<Cluster> {
    const cluster = new Cluster(options)
    cluster.#server = await startServer(
      { after: () => {} },
      (request, response) => {
        const misbehaviour = cluster.#misbehaviour
        const received = cluster.#server!.requests.at(-1)!
        const answer = ({ status, headers = {}, body = '' }: Reply) =>
          response.writeHead(status, { connection: 'close', ...headers }).end(body)
        // The client asks once in the life of a process.
        if (received.url === '/v1/rest/auth/metadata' && typeof misbehaviour === 'object') return answer({ status: 404 })
        if (misbehaviour === 'hang') return cluster.#waiting.push(() => answer(cluster.#answer(received)))
        return misbehaviour === 'cut' ? request.socket.destroy() : answer(misbehaviour ?? cluster.#answer(received))
      },
      options.port === undefined ? {} : { port: options.port },
    )
    return cluster
  }

  get url(): string {
    return this.#server!.url
  }

  get port(): number {
    return this.#server!.port
  }

  get requests(): readonly Received[] {
    return this.#server!.requests
  }

  misbehave(how: Misbehaviour | undefined): void {
    this.#misbehaviour = how
    if (how === undefined) for (const answer of this.#waiting.splice(0)) answer()
  }

  close(): Promise<void> {
    return this.#server!.close()
  }

  /** Takes in a file of which it was told. Throws where Kusto would write of a failure. */
  takeIn(message: Message, file: Buffer): void {
    const { DatabaseName, TableName, AdditionalProperties } = message
    assert.deepEqual(
      [DatabaseName, AdditionalProperties.format, AdditionalProperties.authorizationContext],
      ['telemetry', 'json', 'whoever'],
    )
    this.messages.push(message)
    const { tags, ingestIfNotExists, ingestionMapping } = AdditionalProperties
    const wanted = JSON.parse(ingestIfNotExists ?? '[]') as string[]
    if (wanted.some((tag) => this.#tags.has(`ingest-by:${tag}`))) return
    for (const tag of JSON.parse(tags ?? '[]') as string[]) this.#tags.add(tag)
    const table = this.tables.get(TableName) ?? assert.fail(`there is no table ${TableName}`)
    const mapping = JSON.parse(ingestionMapping!) as Mapping[]
    for (const { Column, DataType } of mapping) assert.equal(table.columns.get(Column), DataType, `the column ${Column} is of another type`)
    for (const line of gunzipSync(file).toString().trimEnd().split('\n')) {
      const record = JSON.parse(line) as Record<string, unknown>
      table.rows.push(
        Object.fromEntries(mapping.map(({ Column, DataType, Properties }) => [Column, cellOf(record, Properties.Path, DataType)])),
      )
    }
  }

  #answer({ method, url, body, headers }: Received): Reply {
    const { pathname, searchParams } = new URL(url, this.url)
    if (pathname === '/v1/rest/auth/metadata') return { status: 404 }
    if (pathname === '/v1/rest/mgmt') {
      if (headers.authorization !== `Bearer ${token}`) return { status: 401 }
      return { status: 200, body: this.#command((JSON.parse(body.toString()) as { csl: string }).csl) }
    }
    if (searchParams.get('sig') !== 'granted') return { status: 403, headers: { 'x-ms-error-code': 'AuthenticationFailed' } }
    if (method === 'PUT') {
      this.#blobs.set(pathname, body)
      return { status: 201 }
    }
    const text = /<MessageText>(.*)<\/MessageText>/.exec(body.toString())![1]!
    const message = messageIn(text)
    this.takeIn(message, this.#blobs.get(new URL(message.BlobPath).pathname)!)
    return { status: 201, body: '<QueueMessagesList><QueueMessage><MessageId>1</MessageId></QueueMessage></QueueMessagesList>' }
  }

  #command(text: string): string {
    this.commands.push(text)
    if (text.startsWith('.get kusto identity token')) return resultOf(['AuthorizationContext'], [['whoever']])
    if (text.startsWith('.get ingestion resources')) return resultOf(['ResourceTypeName', 'StorageRoot'], this.#resources())
    const [, name, columns] = /^\.create-merge table (.+?) \((.*)\)$/s.exec(text) ?? assert.fail(`${text} is no command`)
    const table = this.tables.get(unquoted(name!)) ?? { columns: new Map(), rows: [] }
    for (const line of columns!.trim().split(',\n')) {
      const [, column, type] = /^\s*(.+): (string|long|real|bool|datetime|dynamic)$/.exec(line) ?? assert.fail(`${line} is no column`)
      table.columns.set(unquoted(column!), type!)
    }
    this.tables.set(unquoted(name!), table)
    return resultOf(['TableName'], [[name!]])
  }

  #resources(): string[][] {
    const { container = `${this.url}/account/temp?sig=granted`, queue = `${this.url}/account/ready?sig=granted` } =
      this.#options.storage ?? {}
    return resources.map((name) => [name, name === 'TempStorage' ? container : queue])
  }
}

export const messageIn = (text: string): Message => JSON.parse(Buffer.from(text, 'base64').toString()) as Message

/** An error as Kusto tells it. */
export const kustoError = (status: number, code: string, message: string): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    error: { code, message: 'Request is invalid', '@type': 'Kusto', '@message': message, '@permanent': status === 400 },
  }),
})

/** A table as the first version of the interface has it. */
const resultOf = (names: readonly string[], rows: readonly (readonly string[])[]): string =>
  JSON.stringify({
    Tables: [{ TableName: 'Table_0', Columns: names.map((ColumnName) => ({ ColumnName, DataType: 'String' })), Rows: rows }],
  })

const unquoted = (name: string): string => (name.startsWith("['") ? name.slice(2, -2).replace(/\\(.)/g, '$1') : name)

/** What Kusto makes of a field: null of what is not of the type. */
function cellOf(record: Record<string, unknown>, path: string, type: string): unknown {
  const value = record[/^\$\['(.*)'\]$/s.exec(path)![1]!.replace(/\\(.)/g, '$1')] ?? null
  if (type === 'real')
    return typeof value === 'number' || typeof value === 'string' ? Number(String(value).replace('Inf', 'Infinity')) : null
  if (type === 'datetime') return value === null ? null : new Date(value as string).toISOString()
  if (type === 'long') return value === null ? null : BigInt(value as string | number)
  if (type === 'bool') return typeof value === 'boolean' ? value : null
  return value
}
