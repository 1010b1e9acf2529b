import { basename } from 'node:path'
import { systemClock } from '../../../core/clock.ts'
import { toError } from '../../../core/result.ts'
import { Dashboard } from '../../../dashboard/dashboard.ts'
import { readRecording, type Sample } from '../../../dashboard/recording/recording.ts'
import { replay } from '../../../dashboard/replay.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { ReplayPlan } from './plan.ts'

/** Shows a recording, from its first sample to its last, and then until its user leaves. Rejects with what is wrong with the file. */
export async function showReplay({ path, speed, dashboard: options, forMs }: ReplayPlan): Promise<number> {
  const { refreshMs, samples } = await begun(readRecording(path))
  const ending = new AbortController()
  if (forMs !== undefined) void systemClock.sleep(forMs, ending.signal).then(() => ending.abort())
  const dashboard = new Dashboard({ ...options, ...(refreshMs !== undefined && { refreshMs: Math.round(refreshMs / speed) }) })
  const note = `replay of ${basename(path)}`
  dashboard.status({ note })
  const playing = (async () => {
    for await (const { timeMs, values } of replay(samples, { speed, signal: ending.signal })) dashboard.update(values, timeMs)
    dashboard.status({ note: `${note}: the end` })
  })()
  let failure: Error | undefined
  playing.catch((thrown) => {
    failure = toError(thrown)
    dashboard.status({ note: `${note}: ${failure.message}` })
  })
  await dashboard.run(ending.signal)
  ending.abort()
  if (failure) throw failure
  return exitCodes.ok
}

/**
 * All samples of a recording, and how far they are apart, by the second and the third: a monitor takes its first at once. A file
 * that cannot be read at all is told here, before anything is shown.
 */
async function begun(samples: AsyncGenerator<Sample>): Promise<{ samples: AsyncIterable<Sample>; refreshMs: number | undefined }> {
  const head: Sample[] = []
  for (let next = await samples.next(); !next.done; next = await samples.next()) if (head.push(next.value) === 3) break
  const [, second, third] = head
  const all = async function* () {
    yield* head
    yield* samples
  }
  return { samples: all(), refreshMs: second && third && third.timeMs - second.timeMs }
}
