/** Says where the data of a time is stored. */
export interface PathFormatter<Time> {
  /** What all paths of a storage begin with; may be empty. */
  rootDir(): string
  /** The directory in which the paths of `toFullPath` lie, for whatever time. */
  dir(): string
  /**
   * The path of a file: `<prefix>.<time>.<extension>` in its directory, without an empty prefix or extension and its dot. Throws
   * WaybillError `INVALID_OPTION` for a prefix or extension that leads out of the directory, and for no valid time.
   */
  toFullPath(prefix: string, time: Time, extension: string): string
}
