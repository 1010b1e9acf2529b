import { resolve } from 'node:path'

/** What a connection string leads to. */
export type Target = SqliteTarget | PostgresTarget

export interface SqliteTarget {
  readonly dialect: 'sqlite'
  /** As written; see `resolvedPath`. */
  readonly path: string
}

export interface PostgresTarget {
  readonly dialect: 'postgresql'
  /** A name, an address, or the folder of a socket. */
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string | undefined
  /** Whether to speak TLS; undefined where the string says nothing of it. */
  readonly tls: boolean | undefined
  /** Settings of the session, as in `-c search_path=telemetry`. */
  readonly options: string | undefined
}

const memory = ':memory:'
const supported =
  'supported are sqlite: with a path, as in sqlite:waybill.db or sqlite::memory:, and postgresql://user:password@host:5432/database'

/** The target, or why there is none. The text is never repeated: it may hold a password. */
export function targetOf(connectionString: string): Target | string {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(connectionString)?.[1]?.toLowerCase()
  if (scheme === undefined) return `does not begin with the name of a database; ${supported}`
  if (scheme === 'sqlite') return sqliteTarget(connectionString.slice('sqlite:'.length))
  if (scheme === 'postgresql' || scheme === 'postgres') return postgresTarget(connectionString)
  return `databases of the type ${scheme} are not supported; ${supported}`
}

/** The path, from `directory` when it is relative. */
export const resolvedPath = ({ path }: SqliteTarget, directory: string): string => (path === memory ? memory : resolve(directory, path))

function sqliteTarget(path: string): SqliteTarget | string {
  if (path === '' || path.includes('\0') || /^\/\/[^/]/.test(path)) return `has no usable path; ${supported}`
  return { dialect: 'sqlite', path }
}

const parameters = new Set(['host', 'sslmode', 'options'])
const sslModes: Readonly<Record<string, boolean>> = { disable: false, require: true, 'verify-ca': true, 'verify-full': true }

/** The form of https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS, with one host. */
function postgresTarget(text: string): PostgresTarget | string {
  try {
    // Of other schemes than its own the standard lets a host be empty, as it is before a socket's folder.
    const { username, password, hostname, port, pathname, searchParams } = new URL(text)
    const unknown = [...searchParams.keys()].find((name) => !parameters.has(name))
    if (unknown !== undefined) return `has parameters that are not supported; these are: ${[...parameters].join(', ')}`
    const sslMode = searchParams.get('sslmode')
    if (sslMode !== null && !(sslMode in sslModes)) return `has an sslmode that is none of ${Object.keys(sslModes).join(', ')}`
    const user = decodeURIComponent(username) || 'postgres'
    return {
      dialect: 'postgresql',
      host: searchParams.get('host') ?? (decodeURIComponent(hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost'),
      port: Number(port || 5432),
      database: decodeURIComponent(pathname.slice(1)) || user,
      user,
      password: password === '' ? undefined : decodeURIComponent(password),
      tls: sslMode === null ? undefined : sslModes[sslMode],
      options: searchParams.get('options') ?? undefined,
    }
  } catch {
    return `is not an address; ${supported}; characters such as @ and / in a password are written as %40 and %2F`
  }
}
