import type { Context, Host, Log } from '../../sdk.ts'
import type { ArrayDevice, ArrayDriver } from '../driver.ts'
import type { AccessInfo, AccessInfos } from './access-infos.ts'
import { ask } from './asking.ts'
import { driverFor } from './drivers.ts'

export interface DevicesOptions {
  readonly drivers: readonly ArrayDriver[]
  readonly accesses: AccessInfos
  /** What a driver may use of the world. */
  readonly hostFor: (driver: ArrayDriver, log: Log) => Host
  readonly context: Context
}

/** Others wait meanwhile. */
const closeWithinMs = 5_000

/** The arrays that can be asked now: each connected once, when it is first needed. */
export class Devices {
  readonly #options: DevicesOptions
  readonly #connecting = new Map<string, Promise<ArrayDevice | undefined>>()

  constructor(options: DevicesOptions) {
    this.#options = options
  }

  /** A device of its own for an array that is not registered yet, or not in this way. Rejects with ArrayFailure, or what the driver rejects with. */
  async connect(id: string, { vendor, model, access }: AccessInfo): Promise<ArrayDevice> {
    const { drivers, hostFor, context } = this.#options
    const driver = driverFor(drivers, vendor, model)
    return driver.connect({ id, access, host: hostFor(driver, context.log.child({ array: id })) })
  }

  /** Undefined for an array that is not registered. Rejects as `connect` does, and is tried anew the next time. */
  of(id: string): Promise<ArrayDevice | undefined> {
    const known = this.#connecting.get(id)
    if (known) return known
    const connecting = this.#open(id)
    this.#connecting.set(id, connecting)
    const unless = (failed: boolean) => failed && this.#connecting.get(id) === connecting && this.#connecting.delete(id)
    connecting.then(
      (device) => unless(device === undefined),
      () => unless(true),
    )
    return connecting
  }

  /** This is the device of the array from now on. */
  async use(id: string, device: ArrayDevice): Promise<void> {
    await this.close(id)
    this.#connecting.set(id, Promise.resolve(device))
  }

  async close(id: string): Promise<void> {
    const connecting = this.#connecting.get(id)
    this.#connecting.delete(id)
    await this.end(id, await connecting?.catch(() => undefined))
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#connecting.keys()].map((id) => this.close(id)))
  }

  /** One that does not end is not waited for. */
  async end(id: string, device: ArrayDevice | undefined): Promise<void> {
    const { context } = this.#options
    // Also while everything stops, a device has its time to end.
    const asking = { context: { ...context, signal: new AbortController().signal }, withinMs: closeWithinMs }
    await ask(async () => device?.close?.(), asking).catch((error) => context.log.warn('an array could not be left', { array: id, error }))
  }

  async #open(id: string): Promise<ArrayDevice | undefined> {
    const { accesses } = this.#options
    const access = await accesses.get(id)
    if (!access) return undefined
    const device = await this.connect(id, access)
    if (await accesses.entry(id)) return device
    // It was removed meanwhile.
    await this.end(id, device)
    return undefined
  }
}
