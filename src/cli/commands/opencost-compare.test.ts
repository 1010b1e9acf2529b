import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { OpenCostClient } from '../../opencost/client.ts'
import { OpenCostSimulator } from '../../opencost/simulator/simulator.ts'
import { opencostCompare } from './opencost-compare.ts'
import { printed } from './printed.fixture.ts'

const given = { timeout: '10s', retries: '0', header: [], window: '1h' }

test('001-50 the two exports are compared, also with nothing to measure', async (t) => {
  const text = await printed(t, () => opencostCompare(given))
  assert.match(text, /^ +daily CSV export +live export$/m)
  assert.match(text, /^first data +a day or two after it is switched on +at once$/m)
  assert.match(text, /^runs +daily at 00:10 UTC, by itself +whenever it is asked/m)
})

test('001-50 with a file and an OpenCost, what they hold is told, and the costs of each day stand side by side', async (t) => {
  const simulator = new OpenCostSimulator({ namespaces: 3, pods: 10, nodes: 2, seed: 1 })
  const endpoint = await simulator.listen(0)
  const folder = mkdtempSync(join(tmpdir(), 'waybill-compare-'))
  t.after(async () => {
    rmSync(folder, { recursive: true })
    await simulator.close()
  })
  const client = new OpenCostClient({ endpoint })
  const day = (
    await Array.fromAsync(await client.allocations({ window: '2026-01-05T00:00:00Z,2026-01-06T00:00:00Z', aggregate: 'namespace' }))
  ).flat()
  await client.close()
  const [first, ...others] = day
  const lines = [
    `2026-01-05,${first!.name},${first!.totalCost! - 2}`,
    ...others.map(({ name, totalCost }) => `2026-01-05,${name},${totalCost}`),
  ]
  const csv = join(folder, 'daily.csv')
  writeFileSync(csv, `Date,Namespace,TotalCost\n${lines.join('\n')}\n`)

  const text = await printed(t, () => opencostCompare({ ...given, endpoint, csv }))
  assert.match(text, /^size +3 rows of 1 days, \d+ bytes +\d+ rows in \d/m)
  assert.match(text, /^newest data +the day 2026-01-05, .* old +until 20\d\d-/m)
  assert.match(text, new RegExp(`^2026-01-05 +[\\d.]+ +[\\d.]+ +2\\.0000 +${first!.name}$`, 'm'))
})

test('a port without an endpoint is refused', async () => {
  await assert.rejects(opencostCompare({ ...given, port: '9003' }), { code: 'INVALID_OPTION' })
})
