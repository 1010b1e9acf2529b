import { randomUUID } from 'node:crypto'
import { type Context, WaybillError } from '../../sdk.ts'
import type { ArrayRegistry, ArraySource, CollectionPlan } from '../collection/array-source.ts'
import { deviceSource } from '../collection/device-source.ts'
import type { ArrayDevice } from '../driver.ts'
import { ArrayFailure } from '../model/failures.ts'
import { type DeviceDescription, deviceSchema } from '../model/resources.ts'
import { told } from '../model/told.ts'
import { type ArrayStore, arrayKind, type Entry, type Query } from '../store/array-store.ts'
import type { Vault } from '../store/vault.ts'
import type { TrapSource } from '../traps/trap-source.ts'
import { type AccessInfo, AccessInfos, accessKind, secretsOf } from './access-infos.ts'
import { AlertSources } from './alert-sources.ts'
import { type Asking, ask } from './asking.ts'
import { Devices, type DevicesOptions } from './devices.ts'
import { driverFor } from './drivers.ts'
import { type Polling, Pollings } from './pollings.ts'
import { Syncs } from './syncs.ts'

export interface RegistryOptions extends Omit<DevicesOptions, 'accesses'> {
  readonly store: ArrayStore
  readonly vault: Vault
  /** How often what an array measures is collected where nobody says. */
  readonly intervalMs: number
  /** How long whoever asks waits for an array. Default: a minute. */
  readonly answerWithinMs?: number
}

/** Something that is known, sealed: it opens with the right key only. */
const checkKind = 'vault'
/** Others wait meanwhile. */
const connectWithinMs = 5_000

/** The arrays that are registered. Outcomes that people can do something about are ArrayFailures. */
export class Registry implements ArrayRegistry {
  readonly syncs: Syncs
  readonly alertSources: AlertSources
  readonly accesses: AccessInfos
  readonly store: ArrayStore
  readonly #options: RegistryOptions
  readonly #pollings: Pollings
  readonly #devices: Devices

  constructor(options: RegistryOptions) {
    const { store, vault, context, intervalMs } = options
    this.#options = options
    this.store = store
    this.accesses = new AccessInfos(store, vault)
    this.alertSources = new AlertSources(store, vault)
    this.#pollings = new Pollings(store, intervalMs)
    this.#devices = new Devices({ ...options, accesses: this.accesses })
    this.syncs = new Syncs({ store, context, device: (id) => this.#devices.of(id), secrets: (id) => this.#secrets(id) })
  }

  /** Rejects with WaybillError `DESTINATION_UNAVAILABLE` where the database cannot be used, or was written with another key. */
  async open(): Promise<void> {
    const { store, vault } = this.#options
    await store.open()
    try {
      const check = await store.get(checkKind, checkKind)
      if (check) checkKey(vault, check)
      else await store.put(checkKind, { id: checkKind, storageId: '', key: checkKind, data: { sealed: vault.seal(0, checkKind) } })
      await this.syncs.resume()
    } catch (thrown) {
      await this.close()
      throw thrown
    }
  }

  async close(): Promise<void> {
    await this.syncs.stop()
    await this.#devices.closeAll()
    await this.store.close()
  }

  /** Asks the array who it is, and begins to ask what it consists of. */
  async register(info: AccessInfo): Promise<Entry> {
    driverFor(this.#options.drivers, info.vendor, info.model)
    const id = randomUUID()
    const access = this.accesses.entryOf(id, info)
    // Refused before a password is sent anywhere.
    if (await this.#isTaken(access.key)) throw new ArrayFailure('StorageAlreadyExists')
    const { device, described } = await this.#meet(id, info)
    const { storage_name: given_name } = info
    const data = { ...described, ...(given_name !== undefined && { name: given_name, given_name }) }
    const added = await this.store.add([{ kind: arrayKind, id, storageId: id, key: id, data }, access])
    if (!added) {
      await this.#devices.end(id, device)
      throw new ArrayFailure('StorageAlreadyExists')
    }
    await this.#devices.use(id, device)
    this.syncs.begin(id)
    return this.get(id)
  }

  async get(id: string): Promise<Entry> {
    const found = await this.store.get(arrayKind, id)
    if (found) return found
    throw new ArrayFailure('StorageNotFound', [id])
  }

  list(query?: Query): Promise<readonly Entry[]> {
    return this.store.list(arrayKind, query)
  }

  async remove(id: string): Promise<void> {
    await this.get(id)
    await this.syncs.end(id)
    await this.store.removeArray(id)
    await this.#devices.close(id)
  }

  /** It is reached in this way from now on. It must be the same array. */
  async changeAccess(id: string, { access, ...given }: Pick<AccessInfo, 'access' | 'storage_name'>): Promise<void> {
    const [array, known] = [await this.get(id), await this.accesses.get(id)]
    if (!known) throw new ArrayFailure('AccessInfoNotFound', [id])
    const info = { ...known, ...given, access }
    const { device, described } = await this.#meet(id, info)
    try {
      if (described.serial_number !== array.data.serial_number)
        throw new ArrayFailure('StorageSerialNumberMismatch', [`It is ${described.serial_number}, and ${id} is another one.`])
      const { kind, ...entry } = this.accesses.entryOf(id, info)
      if (!(await this.store.put(kind, entry))) throw new ArrayFailure('StorageAlreadyExists')
    } catch (thrown) {
      await this.#devices.end(id, device)
      throw thrown
    }
    if (given.storage_name !== undefined) await this.#rename(array, given.storage_name)
    await this.#devices.use(id, device)
  }

  /** What of an array is to be collected from now on; undefined for nothing. */
  async poll(id: string, polling: Polling): Promise<CollectionPlan | undefined> {
    await this.get(id)
    return this.#pollings.put(id, polling)
  }

  plan(id: string): Promise<CollectionPlan | undefined> {
    return this.#pollings.of(id)
  }

  async plans(): Promise<readonly (CollectionPlan & { readonly id: string })[]> {
    return this.#pollings.all(await this.list())
  }

  async ids(): Promise<readonly string[]> {
    return (await this.list()).map(({ id }) => id)
  }

  async trapSources(): Promise<readonly TrapSource[]> {
    return this.alertSources.all()
  }

  /** Something that is asked of an array, by somebody who waits for it. */
  async ask<R>(
    id: string,
    question: (device: ArrayDevice, context: Context) => Promise<R>,
    { failure }: Pick<Asking, 'failure'> = {},
  ): Promise<R> {
    await this.get(id)
    return ask(
      async (context) => {
        const device = await this.#devices.of(id)
        if (!device) throw new ArrayFailure('StorageNotFound', [id])
        return question(device, context)
      },
      this.#asking(await this.#secrets(id), failure),
    )
  }

  /** One that cannot be reached now is a source all the same: asking it fails, and is tried again. */
  async source(id: string): Promise<ArraySource | undefined> {
    const entry = await this.store.get(arrayKind, id)
    if (!entry) return undefined
    const { name, vendor, model, serial_number } = entry.data as unknown as DeviceDescription
    const asking = { context: this.#options.context, withinMs: connectWithinMs }
    const array = { id, name, vendor, model, serial_number }
    try {
      const device = await ask(() => this.#devices.of(id), asking)
      return device && deviceSource(array, device)
    } catch {
      return { ...deviceSource(array, this.#later(id)), away: true }
    }
  }

  /** A device that is connected when it is asked. */
  #later(id: string): ArrayDevice {
    const device = async () => {
      const found = await this.#devices.of(id)
      if (found) return found
      throw new ArrayFailure('StorageNotFound', [id])
    }
    return {
      describe: async (context) => (await device()).describe(context),
      resources: {},
      async *measured(span, context) {
        yield* (await device()).measured?.(span, context) ?? []
      },
      alerts: async (span, context) => (await (await device()).alerts?.(span, context)) ?? [],
    }
  }

  /** A device for an array, and who that says it is. */
  async #meet(id: string, info: AccessInfo) {
    let device: ArrayDevice | undefined
    try {
      return await ask(
        async (context) => {
          device = await this.#devices.connect(id, info)
          return { device, described: told(deviceSchema, await device.describe(context), 'describe') }
        },
        this.#asking(secretsOf(info)),
      )
    } catch (thrown) {
      await this.#devices.end(id, device)
      throw thrown
    }
  }

  #rename({ id, data }: Entry, name: string): Promise<void> {
    return this.store.replace(arrayKind, id, [{ id, storageId: id, key: id, data: { ...data, name, given_name: name } }])
  }

  async #isTaken(key: string): Promise<boolean> {
    return (await this.store.list(accessKind, { where: { key }, limit: 1 })).length > 0
  }

  async #secrets(id: string): Promise<readonly string[]> {
    const info = await this.accesses.get(id)
    return info ? secretsOf(info) : []
  }

  #asking(secrets: readonly string[], failure?: Asking['failure']): Asking {
    const { context, answerWithinMs = 60_000 } = this.#options
    return { context, withinMs: answerWithinMs, secrets, ...(failure && { failure }) }
  }
}

function checkKey(vault: Vault, { data }: Entry): void {
  try {
    vault.open(data.sealed as string, checkKind)
  } catch (cause) {
    throw new WaybillError('DESTINATION_UNAVAILABLE', 'what is kept of arrays was encrypted with another key', {
      hint: 'give that one under arrays.key, or put the file back that it was in: arrays/key in the data directory',
      cause,
    })
  }
}
