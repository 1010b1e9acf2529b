/** What is known of an object without reading it. */
export interface ObjectInfo {
  /** In bytes. */
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number
}

export interface ListedObject extends ObjectInfo {
  readonly key: string
}

/** One answer of a listing: what begins with a prefix and has no `/` behind it, and, of what has, the part up to that `/`. */
export interface ObjectPage {
  readonly objects: readonly ListedObject[]
  readonly prefixes: readonly string[]
  /** Where the next page begins; undefined when this is the last. */
  readonly next: string | undefined
}

export interface Call {
  /** Aborted when the caller no longer waits. */
  readonly signal: AbortSignal | undefined
}

export interface PutCall extends Call {
  /** An object that is put takes the place of one of its key, or only a place that is free. */
  readonly placing: 'replace' | 'add'
}

export interface PageCall extends Call {
  /** As the page before told it; undefined for the first. */
  readonly next: string | undefined
}

/** What a service said when it did not do what it was asked. */
export interface Answer {
  /** Of HTTP; undefined where no answer was had. */
  readonly status: number | undefined
  /** What the service calls it. */
  readonly code: string
  readonly message: string
  /** How long it asked to be left alone: seconds, or a date of HTTP. */
  readonly retryAfter?: string | undefined
}

/**
 * Objects by key in one bucket of a service: what has to be written anew for another service. A put shows whole or not at all, and
 * is durable when the call resolves. Calls reject with whatever the client of the service throws.
 */
export interface ObjectStore {
  /** Such as `bucket|s3`. */
  readonly type: string
  /** The address of the bucket, for people, without a secret. */
  readonly location: string
  /** What must not be seen in a message. */
  readonly secrets: readonly string[]
  /** Why a key cannot be one here; undefined when it can. */
  objection(key: string): string | undefined
  /** Undefined when there is no such object. */
  get(key: string, call: Call): Promise<AsyncIterable<Uint8Array> | undefined>
  info(key: string, call: Call): Promise<ObjectInfo | undefined>
  /** Whether it was put: of several that add at once, one is. */
  put(key: string, bytes: Uint8Array, call: PutCall): Promise<boolean>
  /** Puts nothing when `chunks` throws. */
  putStream(key: string, chunks: AsyncIterable<Uint8Array>, call: Call): Promise<void>
  delete(key: string, call: Call): Promise<void>
  page(prefix: string, call: PageCall): Promise<ObjectPage>
  /** What the service said, out of what its client threw. */
  answerIn(error: Error): Answer
  /** What to do about an answer; undefined where nothing more is known than of any service. */
  hint(answer: Answer): string | undefined
}
