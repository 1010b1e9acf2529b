/** Sends traps as arrays do. */
import { createRequire } from 'node:module'
import type { TestContext } from 'node:test'

interface Session {
  trap(oid: string | number, varbinds: readonly object[], options: object, done: (error: Error | null) => void): void
  inform(oid: string, varbinds: readonly object[], options: object, done: (error: Error | null) => void): void
  close(): void
}

interface Library {
  createSession(host: string, community: string, options: object): Session
  createV3Session(host: string, user: object, options: object): Session
  readonly Version1: number
  readonly Version2c: number
  readonly ObjectType: Readonly<Record<string, number>>
  readonly SecurityLevel: Readonly<Record<string, number>>
  readonly AuthProtocols: Readonly<Record<string, number>>
  readonly PrivProtocols: Readonly<Record<string, number>>
  readonly TrapType: Readonly<Record<string, number>>
}

export const library = createRequire(import.meta.url)('net-snmp') as Library

export const linkDown = '1.3.6.1.6.3.1.1.5.3'
export const linkUp = '1.3.6.1.6.3.1.1.5.4'
export const index7 = { oid: '1.3.6.1.2.1.2.2.1.1.7', type: library.ObjectType.Integer, value: 7 }

type Ended = Pick<TestContext, 'after'>

const options = (port: number, version: number) => ({ trapPort: port, version, retries: 0, timeout: 2000 })

/** A session of version 1 or 2c with a community. */
export function plainSession(t: Ended, port: number, { version = '2c', community = 'public' } = {}): Session {
  const number = version === '1' ? library.Version1 : library.Version2c
  return closing(t, library.createSession('127.0.0.1', community, options(port, number)))
}

/** A session of version 3. */
export const userSession = (t: Ended, port: number, user: object): Session =>
  closing(t, library.createV3Session('127.0.0.1', user, { ...options(port, 3), engineID: '8000b98380757f8a0e1c1b0d3e' }))

function closing(t: Ended, session: Session): Session {
  t.after(() => session.close())
  return session
}

/** Sends it; an inform is answered when it resolves. */
export const send = (
  session: Session,
  oid: string | number,
  varbinds: readonly object[] = [],
  how: 'trap' | 'inform' = 'trap',
): Promise<void> =>
  new Promise((resolve, reject) => session[how](oid as string, varbinds, {}, (error) => (error ? reject(error) : resolve())))
