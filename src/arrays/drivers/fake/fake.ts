import { createHash } from 'node:crypto'
import { type ArrayDevice, defineArrayDriver } from '../../driver.ts'
import type { DeviceDescription } from '../../model/resources.ts'
import { fakeAlerts } from './alerts.ts'
import { chance, numberOf } from './chance.ts'
import { FakeMeasures, fakeCapabilities } from './measured.ts'
import { fakeResources } from './resources.ts'
import { sizesOf } from './sizes.ts'

/**
 * A made-up array, to try everything without one. What it tells is the same each time, and depends on `seed` among its attributes, else
 * on its id. How many pools, volumes and so on it has is among them too. Nobody need be at its address.
 */
export default defineArrayDriver({
  vendor: 'fake_storage',
  model: 'fake_driver',
  summary: 'A made-up array, to try everything without one.',
  connect: ({ id, access: { extra_attributes: attributes = {} }, host: { clock } }) =>
    fakeDevice({ sizes: sizesOf(attributes), seedText: attributes.seed ?? id, sinceMs: clock.now() }),
})

interface FakeDevice {
  readonly sizes: ReturnType<typeof sizesOf>
  readonly seedText: string
  /** From when on it has its alerts. */
  readonly sinceMs: number
}

function fakeDevice({ sizes, seedText, sinceMs }: FakeDevice): ArrayDevice {
  const seed = numberOf(seedText)
  const cleared = new Set<string>()
  let measures: FakeMeasures | undefined
  return {
    capabilities: fakeCapabilities,
    resources: fakeResources(sizes, seed),
    describe: async () => description(seedText, seed),
    async *measured(span) {
      measures ??= new FakeMeasures(sizes, seed)
      yield* measures.during(span)
    },
    // All of them, whatever the span: who tries it asks for any.
    alerts: async () => fakeAlerts(sinceMs, seed).filter(({ sequence_number }) => !cleared.has(String(sequence_number))),
    clearAlert: async (sequenceNumber) => void cleared.add(sequenceNumber),
  }
}

function description(seedText: string, seed: number): DeviceDescription {
  const between = (index: number, low: number, high: number) => Math.floor(low + chance(seed, index) * (high - low + 1))
  const total_capacity = between(1, 1000, 2000)
  const used_capacity = between(2, 0, total_capacity)
  return {
    name: 'fake_driver',
    description: 'fake driver.',
    vendor: 'fake_vendor',
    model: 'fake_model',
    status: 'normal',
    serial_number: serialNumber(seedText),
    firmware_version: '1.0.0',
    location: 'HK',
    total_capacity,
    used_capacity,
    free_capacity: total_capacity - used_capacity,
    raw_capacity: between(3, 2000, 3000),
    subscribed_capacity: between(4, 3000, 4000),
  }
}

/** In the form of a UUID. */
const serialNumber = (seedText: string): string =>
  createHash('sha256')
    .update(seedText)
    .digest('hex')
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
