/**
 * Imported into an agent before it starts: tells whoever started it, when asked, what it holds. With `WAYBILL_TEST_LEAK` it never lets
 * go of so many bytes a second, which whoever asks has to notice.
 */
import { setTimeout as pause } from 'node:timers/promises'

export interface Memory {
  /** Bytes that are still in use after a collection, of the heap and of buffers outside it. */
  readonly heap: number
  readonly external: number
  readonly resident: number
  /** Time of processors since the start. */
  readonly cpuMs: number
}

process.on('message', async () => process.send!(await memory()))
process.channel!.unref()

/** Of a few moments the one in which the least was under way. */
async function memory(): Promise<Memory> {
  const { user, system } = process.cpuUsage()
  let least = process.memoryUsage()
  for (let moment = 0; moment < 5; moment++) {
    await pause(20)
    globalThis.gc!()
    const now = process.memoryUsage()
    if (moment === 0 || now.heapUsed < least.heapUsed) least = now
  }
  return { heap: least.heapUsed, external: least.external, resident: process.memoryUsage.rss(), cpuMs: (user + system) / 1000 }
}

const leak = Number(process.env.WAYBILL_TEST_LEAK ?? 0)
const leaked: number[][] = []
if (leak > 0) setInterval(() => leaked.push(Array.from({ length: leak / 8 }, Math.random)), 1000).unref()
