/** PostgreSQL, as Debian packages it, in a folder of its own and not as root, which it refuses to run as. */
import { execFile } from 'node:child_process'
import { chown, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort, ServerProcess } from './server-process.ts'

const run = promisify(execFile)

export interface PostgresOptions {
  /** For its data; one that held those of another goes on with them. */
  readonly directory: string
  /** Default: any that is free. */
  readonly port?: number
  /** Without it everybody on this machine is let in as anybody. */
  readonly password?: string
  /** Files of PEM, which it then speaks TLS with too. */
  readonly tls?: { readonly cert: string; readonly key: string }
}

export interface Postgres {
  readonly port: number
  /** With the password, where there is one. */
  readonly connectionString: string
  /** What psql prints of it: a line a row, tabs between its columns. Rejects with what the server says when it fails. */
  query(sql: string, database?: string): Promise<readonly string[]>
  /** Every connection is cut and what is not committed rolled back. */
  stop(): Promise<void>
}

/** Rejects with the end of its output when it does not come up. */
export async function startPostgres({ directory, port: given, password, tls }: PostgresOptions): Promise<Postgres> {
  const port = given ?? (await freePort())
  const data = join(directory, 'data')
  const programs = await folderOfPrograms()
  const user = await unprivileged()
  const exec = (program: string, ...args: string[]) => {
    const [file, all] = user.as(join(programs, program), args)
    return run(file, [...all])
  }
  await mkdir(data, { recursive: true })
  // It reads no key that others could read.
  for (const path of [directory, data, ...(tls ? [tls.key] : [])]) await user.own(path)
  if ((await readdir(data)).length === 0) await initialise({ directory, data, password, own: user.own, exec })
  const [program, args] = user.as(join(programs, 'postgres'), [
    ...['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${data}`],
    ...(tls ? ['-c', 'ssl=on', '-c', `ssl_cert_file=${tls.cert}`, '-c', `ssl_key_file=${tls.key}`] : []),
  ])
  const env = password === undefined ? {} : { PGPASSWORD: password }
  const psql = async (sql: string, database: string): Promise<string> => {
    const where = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-d', database]
    const options = ['-X', '-q', '-A', '-t', '-F', '\t', '-v', 'ON_ERROR_STOP=1']
    const { stdout } = await run(join(programs, 'psql'), [...options, ...where, '-c', sql], {
      env: { ...process.env, ...env },
      maxBuffer: 2 ** 28,
    })
    return stdout
  }
  const server = await ServerProcess.start({ program, args, ready: async () => (await psql('SELECT 1', 'postgres')) === '1\n' })
  const authority = `postgres${password === undefined ? '' : `:${encodeURIComponent(password)}`}@127.0.0.1:${port}`
  return {
    port,
    connectionString: `postgresql://${authority}/postgres`,
    query: async (sql, database = 'postgres') => (await psql(sql, database)).split('\n').slice(0, -1),
    async stop() {
      await exec('pg_ctl', 'stop', '-D', data, '-m', 'fast', '-w').catch(() => {})
      await server.stop()
    },
  }
}

interface Initialise {
  readonly directory: string
  readonly data: string
  readonly password: string | undefined
  own(path: string): Promise<void>
  exec(program: string, ...args: string[]): Promise<unknown>
}

async function initialise({ directory, data, password, own, exec }: Initialise): Promise<void> {
  const options = ['-D', data, '-U', 'postgres', '-E', 'UTF8', '--no-locale', '--no-sync']
  if (password === undefined) {
    await exec('initdb', ...options, '-A', 'trust')
    return
  }
  const file = join(directory, 'password')
  await writeFile(file, `${password}\n`)
  await own(file)
  await exec('initdb', ...options, '-A', 'scram-sha-256', '--pwfile', file)
}

/** Debian keeps each version's programs in a folder of its own, off the path. */
async function folderOfPrograms(): Promise<string> {
  const root = '/usr/lib/postgresql'
  const versions = await readdir(root).catch(() => [])
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0]
  if (newest === undefined) throw new Error('PostgreSQL is not installed; run as root: scripts/servers/install.sh')
  return join(root, newest, 'bin')
}

type Command = readonly [file: string, args: readonly string[]]

/** How to run as, and give files to, the user whom Debian's package makes; as it is where this process is not root. */
async function unprivileged() {
  if (process.getuid?.() !== 0) return { as: (program: string, args: string[]): Command => [program, args], own: async () => {} }
  const [uid, gid] = await Promise.all(['-u', '-g'].map(async (option) => Number((await run('id', [option, 'postgres'])).stdout)))
  const drop = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups']
  return {
    as: (program: string, args: string[]): Command => ['setpriv', [...drop, program, ...args]],
    own: (path: string) => chown(path, uid!, gid!),
  }
}
