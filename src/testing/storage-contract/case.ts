import type { Storage } from '../../core/storage.ts'
import type { StorageSetup } from '../storage-contract.ts'

/** One case of the contract. */
export interface StorageCase {
  readonly name: string
  /** Rejects when the storage does not keep to it. */
  check(setup: StorageSetup): Promise<void>
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** What is stored there, as text. */
export async function textAt(storage: Storage, path: string): Promise<string | undefined> {
  const bytes = await storage.read(path)
  return bytes && new TextDecoder().decode(bytes)
}

export async function write(storage: Storage, ...paths: readonly string[]): Promise<void> {
  for (const path of paths) await storage.write(path, bytesOf(path))
}

export async function namesIn(storage: Storage, directory: string): Promise<readonly string[]> {
  return (await storage.list(directory)).map(({ name }) => name)
}

export async function* chunksOf(...texts: readonly string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield bytesOf(text)
}

export async function collected(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}
