import { directoryPath, filePath, type Storage } from '../../core/storage.ts'

/** A storage that keeps to the contract, as an object whose parts can be replaced. */
export function honestStorage(): Storage {
  const files = new Map<string, Uint8Array>()
  const infoOf = (name: string) => ({ name, size: files.get(name)!.length, modifiedMs: 0 })

  /** Names of the files below a directory, cut off behind the part that follows it, each once. */
  const entries = (directory: string, kind: 'file' | 'directory') => {
    const path = directoryPath(directory)
    const depth = path === '' ? 1 : path.split('/').length + 1
    const below = [...files.keys()].filter((name) => path === '' || name.startsWith(`${path}/`))
    const wanted = below.filter((name) => name.split('/').length > depth === (kind === 'directory'))
    return [...new Set(wanted.map((name) => name.split('/').slice(0, depth).join('/')))].sort()
  }

  return {
    type: 'honest',
    location: 'here',
    fullPath: filePath,
    read: async (path) => files.get(filePath(path))?.slice(),
    async readStream(path) {
      const bytes = files.get(filePath(path))
      return bytes && new Blob([bytes.slice()]).stream()
    },
    async write(path, bytes, { signal } = {}) {
      signal?.throwIfAborted()
      files.set(filePath(path), Uint8Array.from(bytes))
    },
    async writeStream(path, chunks, { signal } = {}) {
      const name = filePath(path)
      const all: Uint8Array[] = []
      for await (const chunk of chunks) all.push(chunk)
      signal?.throwIfAborted()
      files.set(name, Uint8Array.from(Buffer.concat(all)))
    },
    async create(path, bytes, { signal } = {}) {
      signal?.throwIfAborted()
      const name = filePath(path)
      if (files.has(name)) return false
      files.set(name, Uint8Array.from(bytes))
      return true
    },
    async remove(path, { signal } = {}) {
      signal?.throwIfAborted()
      return files.delete(filePath(path))
    },
    exists: async (path) => files.has(filePath(path)),
    async stat(path) {
      const name = filePath(path)
      return files.has(name) ? infoOf(name) : undefined
    },
    list: async (directory) => entries(directory, 'file').map(infoOf),
    listDirectories: async (directory) => entries(directory, 'directory'),
  }
}
