/** What is kept of arrays over restarts. */
type Fields = Readonly<Record<string, unknown>>

/** Something that is kept: an array, how it is logged in to, one of its volumes, … */
export interface Entry {
  /** Unique within its kind. */
  readonly id: string
  /** The array that it is of. */
  readonly storageId: string
  readonly createdMs: number
  /** When it was changed last; null when it never was. */
  readonly updatedMs: number | null
  /** Plain JSON. */
  readonly data: Fields
}

/** Something to be kept. */
export interface NewEntry {
  readonly id: string
  readonly storageId: string
  /** Unique within its kind as well: what it is known by in the world. */
  readonly key: string
  readonly data: Fields
}

export interface Order {
  /** `id`, `key`, `storage_id`, `created_at`, `updated_at`, or a field of the data. */
  readonly field: string
  readonly direction: 'asc' | 'desc'
}

/** What of a kind is wanted, in which order. Fields are named as in `Order`. */
export interface Query {
  /** By field the value that it must have. */
  readonly where?: Readonly<Record<string, string>>
  /** Numbers by size, text by its bytes, nothing before anything. Then, and without it, as they were put there. */
  readonly order?: readonly Order[]
  /** Only what comes after the one of this id; all where there is none. */
  readonly after?: string
  readonly offset?: number
  readonly limit?: number
}

/** Of one process. When a change resolves it survives the death of the process; it is there whole or not at all. Everything rejects where the database does. */
export interface ArrayStore {
  /** Makes what is missing. Rejects with WaybillError `DESTINATION_UNAVAILABLE`; again after `close` it goes on with what was kept. */
  open(): Promise<void>
  close(): Promise<void>
  get(kind: string, id: string): Promise<Entry | undefined>
  list(kind: string, query?: Query): Promise<readonly Entry[]>
  /** Puts all of them there, or none and answers false where an id or a key is taken. */
  add(entries: readonly (NewEntry & { readonly kind: string })[]): Promise<boolean>
  /** In place of what has that id, or as something new; answers false, and changes nothing, where another has that key. */
  put(kind: string, entry: NewEntry): Promise<boolean>
  /** From now on these are what there is of a kind and an array, in this order; what has the same key keeps its id. Nothing where the array itself is gone. */
  replace(kind: string, storageId: string, entries: readonly NewEntry[]): Promise<void>
  /** Whether there was something. */
  remove(kind: string, id: string): Promise<boolean>
  /** Everything of an array. */
  removeArray(storageId: string): Promise<void>
}

/** The kind that arrays themselves are; the array of such an entry is itself. */
export const arrayKind = 'storages'
