import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { JsonEncoder } from '../src/codecs/json/json.ts'
import { DatabaseExporter } from '../src/exporters/database/database.ts'
import {
  type ComputeExporter,
  ComputeStorageExporter,
  createContext,
  type EventExporter,
  EventStorageExporter,
  EventStoragePathFormatter,
  type MetricsBatch,
  metrics,
  ok,
  series,
  WindowStoragePathFormatter,
} from '../src/index.ts'
import { FileStorage } from '../src/storage/file/file.ts'

test('000-02 000-03 one interface for an instant and for a window, whatever the target: files and a database', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-framework-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const storage = new FileStorage(folder)
  const encoder = new JsonEncoder<{ total: number }>()
  const context = createContext()
  const start = new Date('2026-01-05T12:00:00Z')
  const end = new Date('2026-01-05T13:00:00Z')

  const event: EventExporter<{ total: number }> = new EventStorageExporter({
    paths: new EventStoragePathFormatter({ root: '', cluster: 'c', event: 'totals' }),
    encoder,
    storage,
  })
  const compute: ComputeExporter<{ total: number }> = new ComputeStorageExporter({
    paths: new WindowStoragePathFormatter({ cluster: 'c', pipeline: 'totals', resolution: '1h' }),
    encoder,
    storage,
  })
  assert.deepEqual(await event.export(start, { total: 1 }, context), ok)
  assert.deepEqual(await compute.export({ start, end }, { total: 2 }, context), ok)
  assert.equal(readFileSync(join(folder, 'c/totals/20260105120000.json'), 'utf8'), '{"total":1}')
  const [window] = readdirSync(join(folder, 'federated/c/etl/bingen/totals/1h'))
  assert.equal(window, `${start.getTime() / 1000}-${end.getTime() / 1000}.json`)

  const path = join(folder, 'totals.db')
  const database: EventExporter<MetricsBatch> = new DatabaseExporter({ connectionString: `sqlite:${path}` })
  assert.deepEqual(await database.export(start, metrics([{ series: series('total'), timeMs: start.getTime(), value: 3 }]), context), ok)
  await database.stop!(context)
  const opened = new DatabaseSync(path, { readOnly: true })
  assert.deepEqual({ ...opened.prepare('SELECT name, value FROM metrics').get() }, { name: 'total', value: 3 })
  opened.close()
})
