import { test } from 'node:test'
import { alignWindow, createContext } from '../../sdk.ts'
import { MemoryStorage } from '../../storage/memory/memory.ts'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { identifyPoints, identityLabel, samplePoints } from '../../testing/sample-points.ts'
import { WindowsExporter } from './windows.ts'

const [point] = samplePoints(1, 'any').points
const atMs = point!.timeMs

async function setup() {
  const context = createContext({ clock: new ManualClock(atMs) })
  const exporter = new WindowsExporter({ storage: new MemoryStorage(), context })
  return {
    exporter,
    time: new Date(atMs),
    batch: samplePoints,
    identify: identifyPoints,
    received: async () => {
      const { rows } = (await exporter.current(alignWindow(atMs, 60_000))) ?? { rows: [] }
      return rows.flatMap(([, , , labels, , , , count]) =>
        Array<string>(Number(count)).fill((labels as Record<string, string>)[identityLabel]!),
      )
    },
  }
}

for (const { name, run } of exporterContract(setup)) test(`windows: ${name}`, run)
