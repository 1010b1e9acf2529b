import { type ArrayAccess, accessWays } from '../model/access.ts'
import type { ArrayStore, Entry, NewEntry } from '../store/array-store.ts'
import type { Vault } from '../store/vault.ts'

/** How an array is reached: what it was registered with. */
export interface AccessInfo {
  /** Of the driver. */
  readonly vendor: string
  readonly model: string
  /** What to call the array, in place of its own name. */
  readonly storage_name?: string | undefined
  readonly access: ArrayAccess
}

export const accessKind = 'access_infos'

/** What is kept of how arrays are reached: passwords sealed, all else as it is. */
export class AccessInfos {
  readonly #store: ArrayStore
  readonly #vault: Vault

  constructor(store: ArrayStore, vault: Vault) {
    this.#store = store
    this.#vault = vault
  }

  /** An array is registered once: vendor, model, host and port are what it is known by. */
  entryOf(id: string, { vendor, model, storage_name, access }: AccessInfo): NewEntry & { readonly kind: string } {
    const passwords: Record<string, string> = {}
    const open: Record<string, unknown> = { extra_attributes: access.extra_attributes }
    for (const way of accessWays) {
      if (!access[way]) continue
      const { password, ...rest } = access[way]
      passwords[way] = password
      open[way] = rest
    }
    const { host, port } = accessWays.map((way) => access[way]).find((way) => way !== undefined) ?? {}
    return {
      kind: accessKind,
      id,
      storageId: id,
      key: JSON.stringify([vendor, model, host, port]),
      data: { vendor, model, storage_name, access: open, sealed: this.#vault.seal(passwords, `access/${id}`) },
    }
  }

  /** With the passwords; undefined where there is no such array. */
  async get(id: string): Promise<AccessInfo | undefined> {
    const entry = await this.#store.get(accessKind, id)
    if (!entry) return undefined
    const { vendor, model, storage_name, access, sealed } = entry.data as unknown as AccessInfo & { readonly sealed: string }
    const passwords = this.#vault.open(sealed, `access/${id}`) as Readonly<Record<string, string>>
    const whole: Record<string, unknown> = { ...access }
    for (const [way, password] of Object.entries(passwords)) whole[way] = { ...(whole[way] as object), password }
    return { vendor, model, storage_name, access: whole as ArrayAccess }
  }

  /** As they are kept, so without passwords. */
  entry(id: string): Promise<Entry | undefined> {
    return this.#store.get(accessKind, id)
  }
}

/** What of it must not be told. */
export const secretsOf = ({ access }: AccessInfo): readonly string[] => accessWays.flatMap((way) => access[way]?.password ?? [])
