import { systemClock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { AnyPlugin, Host } from '../core/plugin.ts'
import { packageLoader } from '../packages/package-loader.ts'

export interface HostOptions {
  readonly dataDir: string
  readonly log: Log
}

/** The world as a plugin of the agent may use it. */
export function createHost(plugin: AnyPlugin, { dataDir, log }: HostOptions): Host {
  return {
    load: packageLoader(plugin.requires),
    clock: systemClock,
    random: Math.random,
    fetch: (...request) => globalThis.fetch(...request),
    log,
    dataDir,
  }
}
