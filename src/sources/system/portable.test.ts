import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PortableReader, type SystemInformation } from './portable.ts'
import { areas } from './reading.ts'

const traffic = { rx_bytes: 10, tx_bytes: 20, rx_errors: 1, tx_errors: 2, rx_dropped: 3, tx_dropped: 4 }
const library: SystemInformation = {
  mem: async () => ({ total: 100, available: 60, free: 30, swaptotal: 10, swapfree: 4, buffers: 0 }),
  fsStats: async () => ({ rx: 1000, wx: 2000 }),
  disksIO: async () => ({ rIO: 5, wIO: 6 }),
  networkStats: async () => [
    { iface: 'lo0', ...traffic },
    { iface: 'en0', ...traffic },
    { iface: 'awdl0', ...traffic },
  ],
}
const everything = { collect: new Set(areas), wantsDevice: () => true, wantsInterface: (name: string) => name !== 'awdl0' }

test('what the library tells becomes a reading', async () => {
  const reading = await new PortableReader({ ...everything, load: async () => library }).read()
  assert.deepEqual(reading.swap, { total: 10, free: 4 })
  assert.deepEqual(
    reading.memory,
    { total: 100, available: 60, free: 30 },
    'without the zeros that the library has for what it does not know',
  )
  assert.deepEqual([...reading.disks!], [['all', { readBytes: 1000, writtenBytes: 2000, reads: 5, writes: 6 }]])
  assert.deepEqual([...reading.interfaces!.keys()], ['lo0', 'en0'])
  assert.deepEqual([...reading.apart!], ['lo0'])
  assert.ok(reading.cpus!.get('0')!.idle! > 0)
  assert.ok(reading.uptimeSeconds! > 0 && reading.bootTimeMs! < Date.now())
})

test('what a platform does not have is missing', async () => {
  const nothing: SystemInformation = { ...library, fsStats: async () => null, disksIO: async () => null, networkStats: async () => [] }
  const reading = await new PortableReader({ ...everything, load: async () => nothing }).read()
  assert.deepEqual([reading.disks, reading.interfaces?.size], [undefined, 0])
})

test('the library is asked only for what is collected, and is the one that it is taken for', async () => {
  const reading = await new PortableReader({ ...everything, collect: new Set(['memory']) }).read()
  assert.ok(reading.memory!.total! > reading.memory!.available! && reading.memory!.available! > 0)
  assert.deepEqual([reading.swap, reading.cpus, reading.disks, reading.interfaces?.size], [undefined, undefined, undefined, 0])
})
