import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createContext, type LogsBatch } from '../../sdk.ts'
import { createTestHost } from '../../testing/index.ts'
import plugin, { type DiagnosticsSource } from './diagnostics.ts'

const dataDir = await mkdtemp(join(tmpdir(), 'waybill-diagnostics-source-'))
after(() => rm(dataDir, { recursive: true }))

function setUp(config: object = {}) {
  return plugin.create({
    name: 'self',
    config: plugin.config?.parse(config) as never,
    host: createTestHost({ dataDir }),
  }) as DiagnosticsSource
}
const at = new Date('2026-01-05T12:00:00Z')
const make = async (source: DiagnosticsSource): Promise<LogsBatch> => (await source.make(at, createContext()))!

test('000-39 every diagnostic is a log record', async () => {
  const { records } = await make(setUp())
  assert.deepEqual(
    records.map(({ attributes }) => attributes?.['diagnostic.name']),
    ['versions', 'memory', 'event-loop', 'clock', 'disk', 'permissions'],
  )
  const versions = records[0]!
  assert.deepEqual([versions.severityNumber, versions.severityText, versions.body], [9, 'INFO', 'versions: nothing is wrong'])
  assert.match(String(versions.attributes?.['diagnostic.id']), /^[0-9a-f-]{36}$/)
  const details = versions.attributes?.['diagnostic.details'] as { node: string } | undefined
  assert.equal(details?.node, process.versions.node)
  assert.equal(versions.resource?.attributes['service.name'], 'waybill')
  assert.ok(Math.abs(Number(versions.timeNs / 1_000_000n) - Date.now()) < 60_000)
})

test('what is wrong is an error, with its reason', async () => {
  const { records } = await make(setUp({ minFreeSpace: '100000TiB' }))
  const disk = records.find(({ attributes }) => attributes?.['diagnostic.name'] === 'disk')!
  assert.deepEqual([disk.severityNumber, disk.severityText], [17, 'ERROR'])
  assert.match(String(disk.body), /^disk: only .+ are free/)
  assert.match(String(disk.attributes?.['diagnostic.error']), /^only .+ are free/)
  assert.equal(disk.attributes?.['diagnostic.details'], undefined)
})

test('who holds the source adds diagnostics to its service', async () => {
  const source = setUp()
  source.service.register('warehouse', 'Whether it can be reached.', 'destinations', () => Promise.reject(new Error('refused')))
  const { records } = await make(source)
  assert.equal(records.at(-1)?.body, 'warehouse: refused')
})
