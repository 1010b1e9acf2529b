import assert from 'node:assert/strict'
import { test } from 'node:test'
import { JsonEncoder } from '../../codecs/json/json.ts'
import { BingenStoragePathFormatter, type PathFormatter } from '../../paths/index.ts'
import { alignWindow, createContext, ok, type Window } from '../../sdk.ts'
import { honestStorage } from '../../testing/storage-contract/honest.fixture.ts'
import { ComputeStorageExporter } from './compute-storage-exporter.ts'
import type { ExportValidator } from './export-validator.ts'
import { SetValidator } from './set-validator.ts'
import { contents } from './stored.fixture.ts'

const context = createContext()
const hour = alignWindow(Date.UTC(2025, 4, 19, 22, 27), 3_600_000)
const paths = new BingenStoragePathFormatter({ cluster: 'c', pipeline: 'assets', resolution: '1h' })
const path = 'federated/c/etl/bingen/assets/1h/1747692000-1747695600.json'

function exporting(validator?: ExportValidator<number[]>, formatter: PathFormatter<Window> = paths) {
  const storage = honestStorage()
  const exporter = new ComputeStorageExporter<number[]>({
    paths: formatter,
    encoder: new JsonEncoder(),
    storage,
    ...(validator && { validator }),
  })
  return {
    exporter,
    send: (data: number[], window = hour) => exporter.export(window, data, context),
    stored: () => contents(storage, paths.dir()),
  }
}

test('000-14 a window is stored under its start and end, and replaced by its next data, also by none', async () => {
  const { exporter, send, stored } = exporting()
  assert.equal(exporter.replaces, true)
  for (const [data, text] of [
    [[1], '[1]'],
    [[1, 2], '[1,2]'],
    [[], '[]'],
  ] as const) {
    assert.deepEqual(await send([...data]), ok)
    assert.deepEqual(await stored(), { [path]: text })
  }
})

test('000-12 an empty set is stored where nothing is, and never replaces', async () => {
  const { send, stored } = exporting(new SetValidator('1h'))
  for (const [data, text] of [
    [[], '[]'],
    [[1], '[1]'],
    [[], '[1]'],
    [[2], '[2]'],
  ] as const) {
    assert.deepEqual(await send([...data]), ok)
    assert.deepEqual(await stored(), { [path]: text })
  }
})

test('000-11 what the validator objects to is rejected with what it says, and touches nothing', async () => {
  const { send, stored } = exporting(new SetValidator('1h'))
  await send([1])
  const result = await send([2], { start: hour.start, end: new Date(hour.end.getTime() + 1000) })
  assert.ok(result.status === 'reject' && /window is 3601 s long, not 1h/.test(result.error.message))
  assert.deepEqual(await stored(), { [path]: '[1]' })
})

test('000-11 validators can be written: what may be stored, and what may be replaced', async () => {
  const growing = {
    validate: (_window: Window, data: number[]) => assert.ok(!data.includes(0), 'there is a zero in it'),
    isOverwrite: (data: number[]) => data.length > 1,
  }
  const { send, stored } = exporting(growing)
  assert.equal((await send([0])).status, 'reject')
  assert.deepEqual([await send([1]), await send([2]), await stored()], [ok, ok, { [path]: '[1]' }])
  assert.deepEqual([await send([3, 4]), await stored()], [ok, { [path]: '[3,4]' }])
})

test('000-37 path formatters can be written', async () => {
  const own: PathFormatter<Window> = {
    rootDir: () => '',
    dir: () => paths.dir(),
    toFullPath: (_prefix, { start }, extension) => `${paths.dir()}/${start.getUTCHours()}.${extension}`,
  }
  const { send, stored } = exporting(undefined, own)
  await send([1])
  assert.deepEqual(await stored(), { [`${paths.dir()}/22.json`]: '[1]' })
})
