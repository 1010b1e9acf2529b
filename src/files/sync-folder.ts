import { open } from 'node:fs/promises'

/** Makes the names in a folder durable: what fsync does for a file's contents. Windows cannot open a folder, and needs no such thing. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
