import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { rowsOf, temporaryPath } from './database.fixture.ts'

const batchSize = 500

/** A program that exports batches without end, each of one time, and prints the time of each that was acknowledged. */
const program = (path: string) => `
  import { DatabaseExporter } from ${JSON.stringify(new URL('./database.ts', import.meta.url).href)}
  import { createContext, metrics, series } from ${JSON.stringify(new URL('../../sdk.ts', import.meta.url).href)}
  const exporter = new DatabaseExporter({ connectionString: ${JSON.stringify(`sqlite:${path}`)} })
  const all = Array.from({ length: ${batchSize} }, (_, n) => series('load', { core: String(n) }))
  for (let timeMs = 0; ; timeMs++) {
    const points = all.map((series, n) => ({ series, timeMs, value: timeMs * ${batchSize} + n }))
    const { status } = await exporter.export(new Date(0), metrics(points), createContext())
    await new Promise((resolve) => process.stdout.write(JSON.stringify({ timeMs, status }) + '\\n', resolve))
  }
`

test('after a kill -9 the database is sound and holds whole batches only, every one of them that was acknowledged', async (t) => {
  const path = await temporaryPath(t)
  const child = spawn(process.execPath, ['--conditions=waybill-source', '--input-type=module', '-e', program(path)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  const exit = once(child, 'exit')
  let acknowledged = -1
  for await (const line of createInterface({ input: child.stdout })) {
    const { timeMs, status } = JSON.parse(line)
    assert.equal(status, 'ok')
    acknowledged = timeMs
    if (timeMs === 60) setTimeout(() => child.kill('SIGKILL'), Math.random() * 20)
  }
  assert.deepEqual(await exit, [null, 'SIGKILL'])
  assert.deepEqual(rowsOf(path, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }])
  const batches = rowsOf(path, 'SELECT time, count(*) AS points, min(value) AS first FROM metrics GROUP BY time ORDER BY time')
  assert.ok(batches.length >= acknowledged + 1, `${acknowledged + 1} batches were acknowledged, ${batches.length} are there`)
  for (const [index, { points, first }] of batches.entries())
    assert.deepEqual({ points, first }, { points: batchSize, first: index * batchSize })
})
