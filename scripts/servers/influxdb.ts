/** InfluxDB 1, as Debian packages it: takes lines and answers queries about them. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort, ServerProcess } from './server-process.ts'

export interface InfluxDBOptions {
  /** For its configuration and data; one that held those of another goes on with them. */
  readonly directory: string
  /** Default: any that is free. */
  readonly port?: number
  /** An administrator, without whose name and password it then answers nothing. */
  readonly user?: InfluxDBUser
}

export interface InfluxDBUser {
  readonly username: string
  readonly password: string
}

/** One series that a query found, with its tags where it groups by them. Times are nanoseconds; integers that no number holds, bigint. */
export interface InfluxDBSeries {
  readonly name: string
  readonly tags?: Readonly<Record<string, string>>
  readonly columns: readonly string[]
  readonly values: readonly (readonly unknown[])[]
}

export interface InfluxDB {
  readonly url: string
  readonly port: number
  /** InfluxQL. Rejects with what the server says when it fails. */
  query(query: string, database?: string): Promise<readonly InfluxDBSeries[]>
  stop(): Promise<void>
}

/** Rejects with the end of its output when it does not come up. */
export async function startInfluxDB({ directory, port: given, user }: InfluxDBOptions): Promise<InfluxDB> {
  const port = given ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  const configuration = join(directory, 'influxdb.conf')
  await writeFile(configuration, configurationOf({ directory, rpcPort: await freePort(), port, authenticated: user !== undefined }))
  const server = await ServerProcess.start({
    program: 'influxd',
    args: ['-config', configuration],
    ready: async () => (await fetch(`${url}/ping`)).ok,
  })
  const query = (text: string, database = '') => queryOf({ url, user, text, database })
  if (user) await query(`CREATE USER "${user.username}" WITH PASSWORD '${user.password}' WITH ALL PRIVILEGES`)
  return { url, port, query, stop: () => server.stop() }
}

/** All its ports are of this machine, and nothing is reported. */
const configurationOf = (options: { directory: string; rpcPort: number; port: number; authenticated: boolean }): string => `
reporting-disabled = true
bind-address = "127.0.0.1:${options.rpcPort}"
[meta]
  dir = "${join(options.directory, 'meta')}"
[data]
  dir = "${join(options.directory, 'data')}"
  wal-dir = "${join(options.directory, 'wal')}"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${options.port}"
  auth-enabled = ${options.authenticated}
  log-enabled = false
`

async function queryOf(options: { url: string; user: InfluxDBUser | undefined; text: string; database: string }) {
  const { url, user, text, database } = options
  const authorization = user && `Basic ${Buffer.from(`${user.username}:${user.password}`).toString('base64')}`
  const response = await fetch(`${url}/query?${new URLSearchParams({ db: database, q: text, epoch: 'ns' })}`, {
    method: 'POST',
    headers: authorization ? { authorization } : {},
  })
  const answer = JSON.parse(await response.text(), exactInteger) as {
    error?: string
    results?: readonly [{ error?: string; series?: readonly InfluxDBSeries[] }]
  }
  const [result = {}] = answer.results ?? []
  const error = answer.error ?? result.error
  if (error !== undefined) throw new Error(`InfluxDB answered to ${text}: ${error}`)
  return result.series ?? []
}

/** Nanoseconds are too large for a number. */
const exactInteger = (_key: string, value: unknown, { source }: { source?: string } = {}): unknown =>
  typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? '') ? BigInt(source!) : value
