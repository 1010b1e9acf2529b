import { open } from 'node:fs/promises'
import { mock, type TestContext } from 'node:test'

export const full: NodeJS.ErrnoException = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })

/** From the call of `fill` on, every file takes `space` bytes more and then no others; `free` ends that. `path` is a file to look it up with. */
export async function fullDisk(t: TestContext, path: string): Promise<{ fill(space: number): void; free(): void }> {
  const handle = await open(path, 'w')
  const prototype = Object.getPrototypeOf(handle)
  await handle.close()
  const { write } = prototype
  let left = Number.POSITIVE_INFINITY
  mock.method(prototype, 'write', function (this: unknown, bytes: Uint8Array, offset: number, length: number, position: number) {
    if (left <= 0) throw full
    const taken = Math.min(length, left)
    left -= taken
    return write.call(this, bytes, offset, taken, position)
  })
  t.after(() => mock.restoreAll())
  return {
    fill: (space) => {
      left = space
    },
    free: () => {
      left = Number.POSITIVE_INFINITY
    },
  }
}
