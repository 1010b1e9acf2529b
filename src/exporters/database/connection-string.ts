import { resolve } from 'node:path'

/** What a connection string leads to. */
export interface Target {
  readonly dialect: 'sqlite'
  /** As written; see `resolvedPath`. */
  readonly path: string
}

const memory = ':memory:'
const supported = 'supported is sqlite: with a path, as in sqlite:waybill.db, sqlite:/var/lib/waybill.db or sqlite::memory:'

/** The target, or why there is none. The text is never repeated: it may hold a password. */
export function targetOf(connectionString: string): Target | string {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(connectionString)?.[1]?.toLowerCase()
  if (scheme === undefined) return `does not begin with the name of a database; ${supported}`
  if (scheme !== 'sqlite') return `databases of the type ${scheme} are not supported; ${supported}`
  const path = connectionString.slice('sqlite:'.length)
  if (path === '' || path.includes('\0') || /^\/\/[^/]/.test(path)) return `has no usable path; ${supported}`
  return { dialect: scheme, path }
}

/** The path, from `directory` when it is relative. */
export const resolvedPath = ({ path }: Target, directory: string): string => (path === memory ? memory : resolve(directory, path))
