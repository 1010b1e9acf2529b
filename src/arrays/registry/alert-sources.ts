import { WaybillError } from '../../sdk.ts'
import { type AlertSource, secretFields } from '../model/access.ts'
import { ArrayFailure } from '../model/failures.ts'
import type { ArrayStore, Entry, Query } from '../store/array-store.ts'
import type { Vault } from '../store/vault.ts'
import { isVersion3, type TrapSource, userOf } from '../traps/trap-source.ts'

const alertSourceKind = 'alert_sources'

/** Who may send traps of which array: what shows it is sealed. */
export class AlertSources {
  readonly #store: ArrayStore
  readonly #vault: Vault

  constructor(store: ArrayStore, vault: Vault) {
    this.#store = store
    this.#vault = vault
  }

  /** As it is kept, so without secrets. Rejects with ArrayFailure `AlertSourceNotFound`. */
  async get(id: string): Promise<Entry> {
    const entry = await this.#store.get(alertSourceKind, id)
    if (entry) return entry
    throw new ArrayFailure('AlertSourceNotFound', [id])
  }

  list(query: Query): Promise<readonly Entry[]> {
    return this.#store.list(alertSourceKind, query)
  }

  /** Rejects with ArrayFailure `InvalidSNMPConfig` for one that could show nothing. */
  async put(id: string, source: AlertSource): Promise<void> {
    const reason = problemOf(id, source)
    if (reason) throw new ArrayFailure('InvalidSNMPConfig', [reason])
    const isSecret = ([key]: readonly [string, unknown]) => secretFields.includes(key)
    const fields = Object.entries(source)
    const data = {
      ...Object.fromEntries(fields.filter((field) => !isSecret(field))),
      sealed: this.#vault.seal(Object.fromEntries(fields.filter(isSecret)), `alert-source/${id}`),
    }
    await this.#store.put(alertSourceKind, { id, storageId: id, key: id, data })
  }

  async remove(id: string): Promise<void> {
    if (!(await this.#store.remove(alertSourceKind, id))) throw new ArrayFailure('AlertSourceNotFound', [id])
  }

  /** All of them, with what shows it. */
  async all(): Promise<readonly TrapSource[]> {
    return (await this.#store.list(alertSourceKind)).map(({ id, data: { sealed, ...source } }) => ({
      ...(source as unknown as AlertSource),
      ...(this.#vault.open(sealed as string, `alert-source/${id}`) as object),
      storage_id: id,
    }))
  }
}

function problemOf(id: string, source: AlertSource): string | undefined {
  const trapSource = { ...source, storage_id: id } as TrapSource
  if (!isVersion3(trapSource)) return source.community_string ? undefined : `community_string is required for ${source.version}.`
  try {
    userOf(trapSource)
    return undefined
  } catch (thrown) {
    return thrown instanceof WaybillError ? `${thrown.message}.` : 'it cannot be used.'
  }
}
