import type { FileLayer, OpenFile } from './file-layer.ts'

/** The same files, of which none is ever changed: what would be written, renamed or removed is left as it is. */
export function readOnly(files: FileLayer): FileLayer {
  const nothing = async () => {}
  return {
    list: (folder) => files.list(folder),
    compress: (bytes) => files.compress(bytes),
    async open(path, mode) {
      const file = await files.open(path, 'read').catch((error: NodeJS.ErrnoException) => {
        if (mode === 'read' || error.code !== 'ENOENT') throw error
        return empty
      })
      return {
        size: () => file.size(),
        read: (offset, length) => file.read(offset, length),
        close: () => file.close(),
        write: nothing,
        truncate: nothing,
        sync: nothing,
      }
    },
    makeFolder: nothing,
    rename: nothing,
    remove: nothing,
    syncFolder: nothing,
    lock: async () => () => {},
  }
}

const empty: OpenFile = {
  size: async () => 0,
  read: async () => Buffer.alloc(0),
  write: async () => {},
  truncate: async () => {},
  sync: async () => {},
  close: async () => {},
}
