import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../core/clock.ts'
import { silent } from '../core/log.ts'
import type { Host } from '../core/plugin.ts'

/**
 * A host to create a plugin with, parts of it replaced by those given. Its data directory is only named, not made. It loads no
 * packages: a plugin that does needs `load: (name) => import(name)` from the test's own file.
 */
export function createTestHost(given: Partial<Host> = {}): Host {
  return {
    load: (name) => Promise.reject(new Error(`the test gave no way to load ${name}: give createTestHost a load`)),
    clock: systemClock,
    random: () => 0.5,
    fetch: globalThis.fetch,
    log: silent,
    dataDir: join(tmpdir(), `waybill-test-${process.pid}`),
    ...given,
  }
}
