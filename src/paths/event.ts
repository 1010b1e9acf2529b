import { fileIn, joined, partOf, rootOf, timestampOf } from './parts.ts'
import type { PathFormatter } from './path-formatter.ts'

export interface EventStoragePathOptions {
  /** Default: none, paths begin with the cluster. */
  readonly root?: string
  readonly cluster: string
  /** What kind of event it is: `diagnostics`, `message`. */
  readonly event: string
  /** Directories below that of the event. */
  readonly subPaths?: readonly string[]
}

/** `<root>/<cluster>/<event>/[<sub path>/…]<prefix>.YYYYMMDDHHmmss.<extension>`, in UTC. */
export class EventStoragePathFormatter implements PathFormatter<Date> {
  readonly #root: string
  readonly #directory: string

  /** Throws WaybillError `INVALID_OPTION` for a part that is empty or would lead above itself. */
  constructor({ root = '', cluster, event, subPaths = [] }: EventStoragePathOptions) {
    this.#root = rootOf(root)
    const below = subPaths.map((part) => partOf('subpaths', part))
    this.#directory = joined(this.#root, partOf('cluster id', cluster), partOf('event', event), ...below)
  }

  rootDir(): string {
    return this.#root
  }

  dir(): string {
    return this.#directory
  }

  toFullPath(prefix: string, time: Date, extension: string): string {
    return fileIn(this.#directory, prefix, timestampOf(time), extension)
  }
}
