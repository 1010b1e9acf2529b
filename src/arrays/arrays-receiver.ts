import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import type { FastifyInstance } from 'fastify'
import { packageLoader } from '../packages/package-loader.ts'
import { type Context, defineReceiver, type Emit, type HealthStatus, type Host, type Receiver, type ReceiverPlugin } from '../sdk.ts'
import { ArraysServer, createArraysApp } from './api/server.ts'
import { type Arrays, createArrays } from './collection/arrays.ts'
import { statesIn } from './collection/states.ts'
import type { ArraysConfig } from './config.ts'
import type { ArrayDriver } from './driver.ts'
import { arrayDrivers } from './registry/drivers.ts'
import { Registry } from './registry/registry.ts'
import { ownKey } from './store/own-key.ts'
import { PostgresDatabase } from './store/postgres-database.ts'
import type { SqlDatabase } from './store/sql-database.ts'
import { SqlStore } from './store/sql-store.ts'
import { SqliteDatabase } from './store/sqlite-database.ts'
import { Vault } from './store/vault.ts'

export interface ArraysReceiverOptions {
  readonly config: ArraysConfig
  /** Of the user. */
  readonly drivers: readonly ArrayDriver[]
}

/** Storage arrays as a plugin of the agent: whoever registers them by the REST API has what they measure and complain of handed on. */
export const arraysReceiver = (options: ArraysReceiverOptions): ReceiverPlugin =>
  defineReceiver({
    type: 'arrays',
    summary: 'What storage arrays measure, and what they complain of.',
    signals: ['metrics', 'alerts'],
    requires: { pg: '^8.0.0' },
    create: ({ name, host }) => new ArraysReceiver(name, host, options),
  })

/** What there is while it listens. */
interface Running {
  readonly registry: Registry
  readonly arrays: Arrays
  readonly server: ArraysServer
  /** The REST API for requests that somebody else has authorized. */
  readonly app: FastifyInstance
}

/** The registry of arrays, its REST API, and what is collected of them. */
export class ArraysReceiver implements Receiver {
  readonly name: string
  readonly #host: Host
  readonly #options: ArraysReceiverOptions
  #running: Running | undefined

  constructor(name: string, host: Host, options: ArraysReceiverOptions) {
    this.name = name
    this.#host = host
    this.#options = options
  }

  /** Where the REST API answers, once it does. */
  get url(): string | undefined {
    return this.#running?.server.url
  }

  async listen(emit: Emit, context: Context): Promise<void> {
    if (this.#running) return
    keepHeapNearWhatLives()
    const { config } = this.#options
    const { log } = this.#host
    const registry = await this.#registry(context)
    const arrays = createArrays({ name: this.name, registry, states: statesIn(join(this.#folder, 'collected')), config })
    const api = { registry, collecting: arrays, log }
    const server = new ArraysServer({ ...api, listen: config.listen, token: config.token })
    const app = await createArraysApp(api)
    const running = { registry, arrays, server, app }
    try {
      await registry.open()
      await server.start()
      await arrays.listen(emit, context)
    } catch (thrown) {
      await end(running, context)
      throw thrown
    }
    await app.ready()
    this.#running = running
    log.info('arrays are registered at', { url: `${server.url}/v1/storages` })
  }

  async stop(context: Context): Promise<void> {
    const running = this.#running
    this.#running = undefined
    if (running) await end(running, context)
  }

  health(): HealthStatus {
    return this.#running?.arrays.health?.() ?? { state: 'stopped' }
  }

  /** Answers a request below /v1 that somebody else has authorized; false while it does not listen. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    this.#running?.app.routing(request, response)
    return this.#running !== undefined
  }

  get #folder(): string {
    return join(this.#host.dataDir, 'arrays')
  }

  async #registry(context: Context): Promise<Registry> {
    const { config, drivers } = this.#options
    return new Registry({
      store: new SqlStore(this.#database(), context.clock),
      vault: new Vault(config.key ?? (await ownKey(join(this.#folder, 'key')))),
      drivers: arrayDrivers(drivers),
      hostFor: ({ requires }, log) => ({ ...this.#host, load: packageLoader(requires), log }),
      intervalMs: config.collection.interval,
      context: { ...context, log: this.#host.log },
    })
  }

  #database(): SqlDatabase {
    const { database } = this.#options.config
    if (database.type === 'sqlite') return new SqliteDatabase(join(this.#folder, 'arrays.db'))
    return new PostgresDatabase({ connectionString: database.connectionString.reveal(), load: this.#host.load })
  }
}

/**
 * The tens of thousands of series of an array live on, and V8 would let the heap grow to several times that before it clears it, and
 * double the space for what is new meanwhile. It is to clear it when it has grown by a fifth: this takes CPU time, and saves 70 MB of 330.
 */
function keepHeapNearWhatLives(): void {
  setFlagsFromString('--heap-growing-percent=20')
  setFlagsFromString('--semi-space-growth-factor=1')
}

/** Nobody asks any more, then nothing is collected any more, then the database is left. */
async function end({ registry, arrays, server, app }: Running, context: Context): Promise<void> {
  await server.stop()
  await app.close()
  await arrays.stop?.(context)
  await registry.close()
}
