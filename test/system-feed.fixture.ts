import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { createInstances, type Instances } from '../src/agent/instances.ts'
import { Taps } from '../src/agent/taps.ts'
import { configurationOf, type OwnPlugins } from '../src/cli/commands/system/configuration.ts'
import { parsed } from '../src/cli/commands/system/options.fixture.ts'
import { monitorPlanOf } from '../src/cli/commands/system/plan.ts'
import { type Context, createContext, Ledger, reject, silent } from '../src/core/index.ts'
import { MemoryBudget } from '../src/delivery/memory-budget.ts'
import { ManualClock } from '../src/testing/manual-clock.ts'
import { folderFor } from './system.fixture.ts'

/** What `waybill system` makes of its options, not yet running: on a clock that is moved by hand, and a machine that is files. */
export interface Feed extends Pick<Instances, 'sources' | 'pipelines' | 'exporters'> {
  readonly folder: string
  readonly clock: ManualClock
  readonly context: Context
  readonly ledger: Ledger
  /** Makes the machine's /proc of these. */
  become(machine: Machine): void
  /** Resolves when no output has anything to deliver. */
  settled(): Promise<void>
}

/** Counters since its boot, by name: CPUs in jiffies, disks in sectors, interfaces in bytes; and memory in kB. */
export interface Machine {
  readonly cpus: Readonly<Record<string, { user: number; idle: number }>>
  readonly disks: Readonly<Record<string, { read: number; written: number }>>
  readonly interfaces: Readonly<Record<string, { received: number; sent: number }>>
  readonly memory: { readonly available: number; readonly swapFree: number }
}

export async function feedOf(t: TestContext, args: string, own: OwnPlugins = { shown: [], others: [] }): Promise<Feed> {
  const folder = folderFor(t)
  const procPath = join(folder, 'proc')
  mkdirSync(join(procPath, 'net'), { recursive: true })
  const config = await configurationOf(monitorPlanOf(await parsed(args.replaceAll('{folder}', folder)), false), own)
  const here = { procPath, sysPath: folder, collect: ['cpu', 'memory', 'swap', 'disk', 'network'] }
  const sources = config.sources.map((source) => ({ ...source, config: { ...(source.config as object), ...here } }))
  const clock = new ManualClock(1_800_000_000_000)
  const context = createContext({ clock, log: silent })
  const ledger = new Ledger({ strict: true })
  const instances = createInstances(
    { ...config, sources },
    {
      dataDir: folder,
      log: silent,
      ledger,
      budget: new MemoryBudget(config.file.maxMemory),
      deadLetter: { name: 'dead letters', export: async () => reject(new Error('nothing is to come here')) },
      taps: new Taps(),
      find: () => undefined,
    },
  )
  t.after(() => instances.exporters.stopAll(context))
  await instances.exporters.startAll(context)
  const pending = () => ledger.figures().exporters.reduce((sum, account) => sum + account.pending, 0)
  return {
    ...instances,
    folder,
    clock,
    context,
    ledger,
    become: (machine) => {
      for (const [name, text] of Object.entries(procOf(machine))) writeFileSync(join(procPath, name), text)
    },
    settled: async () => {
      while (pending() > 0) await new Promise(setImmediate)
    },
  }
}

function procOf({ cpus, disks, interfaces, memory }: Machine): Readonly<Record<string, string>> {
  const lines = <V>(values: Readonly<Record<string, V>>, line: (name: string, value: V) => string) =>
    Object.entries(values)
      .map(([name, value]) => `${line(name, value)}\n`)
      .join('')
  const { available, swapFree } = memory
  return {
    stat: `cpu  0 0 0 0\n${lines(cpus, (name, { user, idle }) => `cpu${name} ${user} 0 0 ${idle} 0 0 0 0 0 0`)}btime 1700000000\n`,
    diskstats: lines(disks, (name, { read, written }) => `   8       0 ${name} 1 0 ${read} 1 1 0 ${written} 1 0 1 1`),
    'net/dev': `Inter-|\n face |\n${lines(interfaces, (name, { received, sent }) => `${name}: ${received} 0 0 0 0 0 0 0 ${sent} 0 0 0 0 0 0 0`)}`,
    meminfo: `MemTotal: 8000000 kB\nMemAvailable: ${available} kB\nMapped: 300000 kB\nSwapTotal: 1000000 kB\nSwapFree: ${swapFree} kB\n`,
  }
}
