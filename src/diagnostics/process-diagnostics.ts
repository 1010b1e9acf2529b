import { access, constants, statfs } from 'node:fs/promises'
import { arch, freemem, release, totalmem } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { Context } from '../core/context.ts'
import { formatDuration } from '../core/duration.ts'
import { formatSize } from '../core/size.ts'
import { version } from '../version.ts'
import type { DiagnosticDetails } from './diagnostic.ts'
import type { DiagnosticService } from './service.ts'

export interface ProcessDiagnosticsOptions {
  /** The folder of which the disk and the permissions are looked at. */
  readonly dataDir: string
  /** Less free space than this is wrong. Default: 100 MiB. */
  readonly minFreeBytes?: number
}

/** Nobody ran this program before, so an earlier time is a clock that was never set. */
const earliestMs = Date.UTC(2026, 0, 1)
const mostStepMs = 10_000
const mostHeapUsed = 0.9
const delayWatchedMs = 100
const delayResolutionMs = 10
const mostDelayMs = 500

/** Registers what a process can say of itself and of where it runs, in the categories `runtime` and `machine`. */
export function registerProcessDiagnostics(service: DiagnosticService, options: ProcessDiagnosticsOptions): void {
  const { dataDir, minFreeBytes = 100 * 2 ** 20 } = options
  service.register('versions', 'What runs, and on what.', 'runtime', versions)
  service.register('memory', 'How much memory is used; wrong when the heap is nearly full.', 'runtime', memory)
  service.register('event-loop', 'How late timers are; wrong when something blocks the process.', 'runtime', eventLoop)
  service.register('clock', 'Whether the clock is set and runs evenly.', 'machine', clockWatch())
  service.register('disk', 'How much space is left for the data directory.', 'machine', () => disk(dataDir, minFreeBytes))
  service.register('permissions', 'Whether the data directory can be read and written to.', 'machine', () => permissions(dataDir))
}

const versions = (): DiagnosticDetails => ({
  waybill: version,
  node: process.versions.node,
  platform: process.platform,
  release: release(),
  architecture: arch(),
})

function memory(): DiagnosticDetails {
  const { used_heap_size: heapUsedBytes, heap_size_limit: heapLimitBytes } = getHeapStatistics()
  if (heapUsedBytes > mostHeapUsed * heapLimitBytes)
    throw new Error(
      `${formatSize(heapUsedBytes)} of a heap of at most ${formatSize(heapLimitBytes)} are used; give it more with NODE_OPTIONS=--max-old-space-size`,
    )
  return { residentBytes: process.memoryUsage.rss(), heapUsedBytes, heapLimitBytes, freeBytes: freemem(), totalBytes: totalmem() }
}

async function eventLoop({ clock, signal }: Context): Promise<DiagnosticDetails> {
  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs })
  delay.enable()
  await clock.sleep(delayWatchedMs, signal)
  delay.disable()
  const maxDelayMs = Math.max(0, Math.round(delay.max / 1e6) - delayResolutionMs)
  if (maxDelayMs > mostDelayMs) throw new Error(`timers are late by ${formatDuration(maxDelayMs)}: something blocks the process`)
  return { maxDelayMs, watchedMs: delayWatchedMs }
}

/** Compares the clock with the time measured since the run before. */
function clockWatch(): (context: Context) => DiagnosticDetails {
  let before: { readonly nowMs: number; readonly monotonicMs: number } | undefined
  return ({ clock }) => {
    const is = { nowMs: clock.now(), monotonicMs: clock.monotonic() }
    const stepMs = before ? is.nowMs - before.nowMs - (is.monotonicMs - before.monotonicMs) : 0
    before = is
    if (is.nowMs < earliestMs) throw new Error(`the clock says ${new Date(is.nowMs).toISOString()}: it is not set`)
    if (Math.abs(stepMs) > mostStepMs)
      throw new Error(
        `the clock went ${stepMs > 0 ? 'forward' : 'back'} by ${formatDuration(Math.abs(stepMs))}: it was set, or the machine slept`,
      )
    return { utc: new Date(is.nowMs).toISOString(), timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, stepMs: Math.round(stepMs) }
  }
}

async function disk(dataDir: string, minFreeBytes: number): Promise<DiagnosticDetails> {
  const { bsize, blocks, bavail } = await statfs(dataDir)
  const freeBytes = bavail * bsize
  if (freeBytes < minFreeBytes)
    throw new Error(`only ${formatSize(freeBytes)} are free for ${dataDir}, less than ${formatSize(minFreeBytes)}: free some space there`)
  return { path: dataDir, freeBytes, totalBytes: blocks * bsize }
}

async function permissions(dataDir: string): Promise<DiagnosticDetails> {
  const userId = process.getuid?.()
  try {
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    throw new Error(`${dataDir} cannot be read and written to by user ${userId} (${code}): make it, or give that user the permission`)
  }
  return { path: dataDir, userId }
}
