/** Arrays of which everything is known, the agent, and exporters chosen by class name: together, in this process. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { Agent } from '../src/agent/agent.ts'
import { loadText } from '../src/agent/config/load.ts'
import { check } from '../src/agent/config/shape.ts'
import type { ArraySource } from '../src/arrays/collection/array-source.ts'
import { createArrays } from '../src/arrays/collection/arrays.ts'
import { statesIn } from '../src/arrays/collection/states.ts'
import { arraysSchema } from '../src/arrays/config.ts'
import type { AlertData } from '../src/arrays/third-party/alert-data.ts'
import { dispatchPlugins } from '../src/arrays/third-party/dispatch-plugins.ts'
import type { TrapSource } from '../src/arrays/traps/trap-source.ts'
import { type Log, silent } from '../src/core/log.ts'
import { defineReceiver } from '../src/sdk.ts'

/** An array with a sample every half second, and four alerts. */
const source = (id: string): ArraySource => ({
  array: { id, name: 'fake driver', vendor: 'fake_vendor', model: 'fake_model', serial_number: 'S-1' },
  async *measured({ startMs, endMs }) {
    const times = Array.from({ length: Math.ceil((endMs - startMs) / 500) }, (_, n) => [startMs + n * 500, n] as const)
    yield [{ name: 'iops', labels: { resource_type: 'volume', resource_id: 'volume_1', unit: 'IOPS' }, values: Object.fromEntries(times) }]
  },
  alerts: async () =>
    ['SNMP connect failed', 'Link state down', 'Power failure', 'Communication failure'].map(
      (alert_name): AlertData => ({
        alert_id: '1',
        alert_name,
        severity: 'Major',
        category: 'Fault',
        type: 'EquipmentAlarm',
        occur_time: 1,
      }),
    ),
})

export interface Chosen {
  /** Of the user, with classes. */
  readonly module?: Readonly<Record<string, unknown>>
  /** As under `arrays:`. */
  readonly arrays: object
  /** The rest of the configuration. */
  readonly own?: object
  readonly trapSources?: readonly TrapSource[]
  readonly log?: Log
}

/** An agent that has started; it is stopped with the test. */
export async function runningArrays(
  t: Pick<TestContext, 'after'>,
  { module = {}, arrays: given, own = {}, trapSources = [], log = silent }: Chosen,
) {
  const dataDir = await mkdtemp(join(tmpdir(), 'waybill-arrays-'))
  const arraysFile = { traps: { enabled: false }, collection: { overlap: '0s' }, ...given }
  const { value: config } = check(arraysSchema, arraysFile)
  const registry = {
    plans: async () => [],
    ids: async () => [],
    source: async (id: string) => source(id),
    trapSources: async () => trapSources,
  }
  const arrays = createArrays({ registry, states: statesIn(join(dataDir, 'arrays')), config: config! })
  const standIn = defineReceiver({
    type: 'arrays',
    summary: 'Arrays that need no driver.',
    signals: ['metrics', 'alerts'],
    create: () => arrays,
  })
  const file = { api: { enabled: false }, arrays: arraysFile, ...own }
  const loaded = await loadText(JSON.stringify(file), { path: 'arrays', plugins: [...dispatchPlugins(module), standIn] })
  const agent = await Agent.create({ config: loaded, log, dataDir })
  t.after(async () => {
    await agent.stop()
    await rm(dataDir, { recursive: true })
  })
  await agent.start()
  return { agent, arrays, dataDir }
}
