import assert from 'node:assert/strict'
import { directoryPath, filePath, type Storage, type StorageInfo } from '../../core/storage.ts'

/** A way not to keep to the contract, the case that is there to notice, and what it says. */
export interface StorageLie {
  readonly lie: string
  readonly caughtBy: string
  readonly as: RegExp
  make(honest: Storage): Partial<Storage>
}

const half = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length / 2)

/** For each case at least one. */
export const storageLies: readonly StorageLie[] = [
  {
    lie: 'truncates what it writes',
    caughtBy: 'gives back every byte, and knows how many',
    as: /299999 came back/,
    make: (honest) => ({ write: (path, bytes) => honest.write(path, bytes.length > 1 ? bytes.subarray(0, -1) : bytes) }),
  },
  {
    lie: 'truncates what it streams',
    caughtBy: 'gives back in a stream what came in a stream',
    as: /one two/,
    make: (honest) => ({
      async readStream(path) {
        const bytes = await honest.read(path)
        return bytes && new Blob([half(bytes).slice()]).stream()
      },
    }),
  },
  {
    lie: 'lists names that were removed',
    caughtBy: 'lists nothing that was removed',
    as: /d\/a/,
    make(honest) {
      const known = new Map<string, StorageInfo>()
      return {
        async list(directory) {
          for (const info of await honest.list(directory)) known.set(info.name, info)
          return [...known.values()].filter(({ name }) => name.startsWith(`${directoryPath(directory)}/`))
        },
        async remove(path) {
          known.set(filePath(path), (await honest.stat(path))!)
          return honest.remove(path)
        },
      }
    },
  },
  {
    lie: 'lists directories of which every file was removed',
    caughtBy: 'lists nothing that was removed',
    as: /without files is none/,
    make(honest) {
      const known = new Set<string>()
      return {
        async remove(path) {
          for (const name of await honest.listDirectories('')) known.add(name)
          return honest.remove(path)
        },
        listDirectories: async (directory) => [...new Set([...known, ...(await honest.listDirectories(directory))])].sort(),
      }
    },
  },
  {
    lie: 'writes piece by piece',
    caughtBy: 'shows a reader the old content or the new',
    as: /a reader saw \d+ bytes that nobody wrote/,
    make: (honest) => ({
      async writeStream(path, chunks) {
        const all: Uint8Array[] = []
        for await (const chunk of chunks) {
          all.push(chunk)
          await honest.write(path, Buffer.concat(all))
          await new Promise(setImmediate)
        }
      },
    }),
  },
  {
    lie: 'writes in place',
    caughtBy: 'shows a reader the old content or the new',
    as: /a reader saw \d+ bytes that nobody wrote/,
    make: (honest) => ({
      async write(path, bytes) {
        await honest.write(path, half(bytes))
        await new Promise(setImmediate)
        await honest.write(path, bytes)
      },
    }),
  },
  {
    lie: 'takes the name of what it creates before it has the content',
    caughtBy: 'shows a reader nothing of what is being created, or all of it',
    as: /a reader saw 0 bytes of 400000/,
    make: (honest) => ({
      async create(path, bytes) {
        if (!(await honest.create(path, new Uint8Array()))) return false
        await new Promise(setImmediate)
        await honest.write(path, bytes)
        return true
      },
    }),
  },
  {
    lie: 'removes before it writes',
    caughtBy: 'shows a reader the old content or the new',
    as: /nothing was there for a moment/,
    make: (honest) => ({
      async writeStream(path, chunks) {
        await honest.remove(path)
        await new Promise(setImmediate)
        await honest.writeStream(path, chunks)
      },
    }),
  },
  {
    lie: 'keeps what came before a stream broke off',
    caughtBy: 'leaves everything as it was when a stream breaks off',
    as: /half/,
    make: (honest) => ({
      async writeStream(path, chunks) {
        for await (const chunk of chunks) await honest.write(path, chunk)
      },
    }),
  },
  {
    lie: 'creates where something is',
    caughtBy: 'creates only where nothing is',
    as: /of several at once, one creates/,
    make: (honest) => ({
      async create(path, bytes) {
        if (await honest.exists(path)) return false
        await new Promise(setImmediate)
        await honest.write(path, bytes)
        return true
      },
    }),
  },
  {
    lie: 'lists the whole tree',
    caughtBy: 'lists what is directly in a directory, by names from the root, sorted',
    as: /'dd\/f'/,
    make: (honest) => ({
      async list(directory) {
        const below = await Promise.all((await honest.listDirectories(directory)).map((name) => honest.list(name)))
        return [...(await honest.list(directory)), ...below.flat()]
      },
    }),
  },
  {
    lie: 'tells base names',
    caughtBy: 'tells the same of a file in a list as by itself',
    as: /name: 'f'/,
    make: (honest) => ({
      list: async (directory) => (await honest.list(directory)).map((info) => ({ ...info, name: info.name.split('/').at(-1)! })),
    }),
  },
  {
    lie: 'lists one page',
    caughtBy: 'lists more than a page',
    as: /10 !== 11/,
    make: (honest) => ({ list: async (directory) => (await honest.list(directory)).slice(0, 10) }),
  },
  {
    lie: 'encodes names and does not decode them',
    caughtBy: 'keeps any name',
    as: /%/,
    make: (honest) => ({
      write: (path, bytes) => honest.write(encodeURI(path), bytes),
      read: (path) => honest.read(encodeURI(path)),
      list: (directory) => honest.list(encodeURI(directory)),
    }),
  },
  {
    lie: 'appends',
    caughtBy: 'replaces what was there',
    as: /a long textshort/,
    make: (honest) => ({
      write: async (path, bytes) => honest.write(path, Buffer.concat([(await honest.read(path)) ?? new Uint8Array(), bytes])),
    }),
  },
  {
    lie: 'shares its bytes',
    caughtBy: 'keeps bytes of its own',
    as: /given/,
    make() {
      const files = new Map<string, Uint8Array>()
      return { write: async (path, bytes) => void files.set(path, bytes), read: async (path) => files.get(path) }
    },
  },
  {
    lie: 'throws for what is missing',
    caughtBy: 'says the same of everything that is missing',
    as: /no such file/,
    make: (honest) => ({
      read: async (path) => (await honest.read(path)) ?? assert.fail('no such file'),
    }),
  },
  {
    lie: 'always says that it removed',
    caughtBy: 'removes',
    as: /true !== false/,
    make: (honest) => ({ remove: async (path) => (await honest.remove(path)) || true }),
  },
  {
    lie: 'takes paths as they are',
    caughtBy: 'knows a file by every way to write its path',
    as: /undefined/,
    make() {
      const files = new Map<string, Uint8Array>()
      return { write: async (path, bytes) => void files.set(path, bytes), read: async (path) => files.get(path) }
    },
  },
  {
    lie: 'follows a path out of the root',
    caughtBy: 'refuses a path that leaves the root, or is none',
    as: /write "\.\.\/f"/,
    make: (honest) => ({ write: (path, bytes) => honest.write(path.replaceAll('..', '') || 'x', bytes) }),
  },
  {
    lie: 'writes for a caller that is gone',
    caughtBy: 'writes nothing for a caller that no longer waits',
    as: /Missing expected rejection/,
    make: (honest) => ({ write: (path, bytes) => honest.write(path, bytes) }),
  },
  {
    lie: 'forgets all writers but the last',
    caughtBy: 'keeps everything of many writers',
    as: /undefined/,
    make(honest) {
      let last = Promise.resolve()
      let latest = ''
      return {
        write(path, bytes) {
          latest = path
          last = last.then(() => (path === latest ? honest.write(path, bytes) : undefined))
          return last
        },
      }
    },
  },
]
