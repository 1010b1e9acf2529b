/** NATS with JetStream, as Debian packages it. */

import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { freePort, ServerProcess } from './server-process.ts'

export interface NatsOptions {
  /** For its configuration and streams; one that held those of another goes on with them. */
  readonly directory: string
  /** Default: any that is free. */
  readonly port?: number
  /** More of its configuration: `authorization`, `tls`, … */
  readonly settings?: string
}

export interface NatsServer {
  readonly port: number
  readonly url: string
  stop(): Promise<void>
}

/** Rejects with the end of its output when it does not come up. */
export async function startNats({ directory, port: given, settings = '' }: NatsOptions): Promise<NatsServer> {
  const port = given ?? (await freePort())
  const file = join(directory, 'nats.conf')
  await writeFile(file, `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${join(directory, 'streams')}" }\n${settings}\n`)
  const server = await ServerProcess.start({ program: 'nats-server', args: ['-c', file], ready: () => greets(port) })
  return { port, url: `nats://127.0.0.1:${port}`, stop: () => server.stop() }
}

/** It tells of itself first (https://docs.nats.io/reference/reference-protocols/nats-protocol#info). */
async function greets(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    const [greeting] = (await once(socket, 'data')) as [Buffer]
    return greeting.toString().startsWith('INFO ')
  } finally {
    socket.destroy()
  }
}
