/** The REST API over a database of its own, with drivers of which everything is known, asked without a network. */
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'
import { createContext, type LogFields, Secret, silent } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { createTestHost } from '../../testing/test-host.ts'
import type { CollectionPlan, Span } from '../collection/array-source.ts'
import type { ArrayDriver } from '../driver.ts'
import { arrayDrivers } from '../registry/drivers.ts'
import { Registry } from '../registry/registry.ts'
import { SqlStore } from '../store/sql-store.ts'
import { SqliteDatabase } from '../store/sqlite-database.ts'
import { Vault } from '../store/vault.ts'
import type { ArraysApiOptions } from './arrays-api.ts'
import { createArraysApp } from './server.ts'

export const noon = Date.UTC(2026, 0, 5, 12)
export const key = new Secret('a5'.repeat(32))

/** Fewer than usual, so that tests are quick. */
export const few = { pools: '2', volumes: '5', disks: '3', qtrees: '2', quotas: '2', shares: '2' }

export const seed = {
  vendor: 'fake_storage',
  model: 'fake_driver',
  rest: { host: '10.0.0.1', port: 8078, username: 'username', password: 'pass' },
} as const

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever is there
  readonly body: any
  readonly text: string
  readonly headers: Readonly<Record<string, unknown>>
}

interface Options {
  readonly drivers?: readonly ArrayDriver[]
  readonly token?: Secret
  readonly folder?: string
  readonly answerWithinMs?: number
  readonly vaultKey?: Secret
}

/** What collecting was told. */
export class Collecting {
  readonly plans = new Map<string, CollectionPlan | undefined>()
  readonly synced: (readonly [id: string, span: Span | undefined])[] = []
  readonly cleared: string[] = []
  trapChanges = 0

  readonly part: ArraysApiOptions['collecting'] = {
    collect: async (id, plan) => void this.plans.set(id, plan),
    remove: async (id) => void this.plans.delete(id),
    syncAlerts: async (id, span) => this.synced.push([id, span]),
    cleared: async (id) => void this.cleared.push(id),
    trapSourcesChanged: async () => void this.trapChanges++,
  }
}

export async function api(
  t: TestContext,
  { drivers = [], token, folder = temporaryFolder(t), answerWithinMs, vaultKey = key }: Options = {},
) {
  const clock = new ManualClock(noon)
  const logged: (readonly [message: string, fields: LogFields | undefined])[] = []
  const note = (message: string, fields?: LogFields) => void logged.push([message, fields])
  const log = { ...silent, warn: note, error: note, child: () => log }
  const context = createContext({ clock, log })
  const collecting = new Collecting()
  const registry = new Registry({
    store: new SqlStore(new SqliteDatabase(join(folder, 'arrays.db')), clock),
    vault: new Vault(vaultKey),
    drivers: arrayDrivers(drivers),
    hostFor: () => createTestHost({ clock, log }),
    intervalMs: 900_000,
    context,
    ...(answerWithinMs !== undefined && { answerWithinMs }),
  })
  await registry.open()
  const app = await createArraysApp({ registry, collecting: collecting.part, token, log })
  const close = async () => {
    await app.close()
    await registry.close()
  }
  t.after(close)

  const request = async (method: string, url: string, payload?: string | object, headers: Record<string, string> = {}): Promise<Answer> => {
    const json = typeof payload === 'object' ? { 'content-type': 'application/json' } : {}
    const response = await app.inject({
      method: method as 'GET',
      url: url.startsWith('/openapi') ? url : `/v1${url}`,
      headers: { ...json, ...headers },
      ...(payload !== undefined && { payload: typeof payload === 'object' ? JSON.stringify(payload) : payload }),
    })
    const { statusCode: status, body: text } = response
    return { status, text, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
  }
  const register = async (more: object = {}): Promise<string> => {
    const { body } = await request('POST', '/storages', { ...seed, extra_attributes: few, ...more })
    await registry.syncs.settled()
    return body.id
  }
  return { app, registry, collecting, clock, logged, request, register, folder, close }
}
