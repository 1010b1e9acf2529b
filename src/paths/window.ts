import { type Duration, parseDuration } from '../core/duration.ts'
import { formatResolution, type Window } from '../core/window.ts'
import { fileIn, joined, partOf, rootOf, spanOf } from './parts.ts'
import type { PathFormatter } from './path-formatter.ts'

export interface WindowStoragePathOptions {
  /** Default: `federated`. */
  readonly root?: string
  readonly cluster: string
  /** What is computed: `allocations`, `assets`. */
  readonly pipeline: string
  /** Length of the windows, a directory by its name. Default: none, and no directory for it. */
  readonly resolution?: Duration
}

/**
 * `<root>/<cluster>/etl/bingen/<pipeline>/<resolution>/<prefix>.<start>-<end>.<extension>`, start and end in seconds since the
 * epoch. The directory is named as in OpenCost, whatever the encoding; resolutions are named by `formatResolution`, so that no
 * two share one.
 */
export class WindowStoragePathFormatter implements PathFormatter<Window> {
  readonly #root: string
  readonly #directory: string

  /** Throws WaybillError `INVALID_OPTION` for a part that is empty or would lead above itself, `INVALID_DURATION` for a resolution. */
  constructor({ root = 'federated', cluster, pipeline, resolution }: WindowStoragePathOptions) {
    this.#root = rootOf(root)
    const length = resolution === undefined ? '' : formatResolution(parseDuration(resolution))
    this.#directory = joined(this.#root, partOf('cluster id', cluster), 'etl/bingen', partOf('pipeline', pipeline), length)
  }

  rootDir(): string {
    return this.#root
  }

  dir(): string {
    return this.#directory
  }

  toFullPath(prefix: string, window: Window, extension: string): string {
    return fileIn(this.#directory, prefix, spanOf(window), extension)
  }
}

/** The name that OpenCost has for it. */
export { WindowStoragePathFormatter as BingenStoragePathFormatter }
