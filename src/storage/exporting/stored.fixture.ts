import type { Storage } from '../../sdk.ts'

export async function names(storage: Storage, directory: string): Promise<readonly string[]> {
  return (await storage.list(directory)).map(({ name }) => name)
}

/** The files of a directory as text. */
export async function contents(storage: Storage, directory: string): Promise<Record<string, string>> {
  const all = (await names(storage, directory)).map(async (name) => [name, Buffer.from((await storage.read(name))!).toString()] as const)
  return Object.fromEntries(await Promise.all(all))
}
