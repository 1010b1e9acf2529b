import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { StateStore, WindowState } from '../../controllers/window-state.ts'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'
import { createContext, metrics, ok, series } from '../../sdk.ts'
import { MemoryStorage } from '../../storage/memory/memory.ts'
import { accessKey, s3Error, secretKey, serveS3 } from '../../storage/s3/s3.fixture.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { createTestHost } from '../../testing/test-host.ts'
import plugin, { WindowsExporter } from './windows.ts'

const minuteMs = 60_000
const noon = Date.UTC(2026, 0, 5, 12)
const load = series('load')

/** What outlives the process. */
class Disk {
  readonly storage = new MemoryStorage()
  readonly #states = new Map<string, WindowState>()

  state = (resolution: string): StateStore<WindowState> => ({
    load: async () => this.#states.get(resolution),
    save: async (state) => void this.#states.set(resolution, state),
  })

  async rows(resolution: string, startMs: number): Promise<readonly Record<string, unknown>[]> {
    const files = await this.storage.list(`federated/default/etl/bingen/usage/${resolution}`)
    const file = files.find(({ name }) => name.includes(`/${startMs / 1000}-`))
    const text = file ? Buffer.from((await this.storage.read(file.name))!).toString() : ''
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  }
}

/** A process, and whoever gives it a point every ten seconds. */
function boot(disk: Disk, startMs: number) {
  const clock = new ManualClock(startMs)
  const context = createContext({ clock })
  const exporter = new WindowsExporter({ name: 'usage', storage: disk.storage, state: disk.state, context })
  const measure = async (ms: number, value = 1) => {
    for (let left = ms; left > 0; left -= 10_000) {
      const timeMs = clock.now()
      assert.deepEqual(await exporter.export(new Date(timeMs), metrics([{ series: load, timeMs, value }]), context), ok)
      await clock.advance(10_000)
    }
  }
  return { clock, exporter, measure }
}

test('000-38 hourly and daily windows of what passes, each in a file, and the open ones up to date', async () => {
  const disk = new Disk()
  const { exporter, measure } = boot(disk, noon)
  await exporter.start()
  await measure(58 * minuteMs, 2)
  await measure(4 * minuteMs, 5)
  await exporter.stop()
  const [hour] = await disk.rows('1h', noon)
  assert.deepEqual(
    [hour!.name, hour!.count, hour!.min, hour!.max, hour!.window_start, hour!.coverage],
    ['load', 360, 2, 5, '2026-01-05T12:00:00.000Z', 1],
  )
  const [day] = await disk.rows('1d', Date.UTC(2026, 0, 5))
  assert.equal(day!.count, 371, 'the open hour as it was stored at the tick before')
})

test('000-38 after a pause the windows that ended in it are made from what is stored', async () => {
  const disk = new Disk()
  const first = boot(disk, noon)
  await first.exporter.start()
  await first.measure(55 * minuteMs)
  await first.exporter.stop()
  const second = boot(disk, noon + 65 * minuteMs)
  await second.exporter.start()
  await second.measure(3 * minuteMs)
  await second.exporter.stop()
  const [hour] = await disk.rows('1h', noon)
  assert.ok(Number(hour!.count) >= 54 * 6 && Number(hour!.count) <= 55 * 6, String(hour!.count))
})

test('a backfill makes stored windows anew from the shorter ones, and tells of each', async () => {
  const disk = new Disk()
  const { exporter, measure, clock } = boot(disk, noon)
  await exporter.start()
  await measure(62 * minuteMs)
  await exporter.stop()
  const told: string[] = []
  const later = new WindowsExporter({ name: 'usage', storage: disk.storage, context: createContext({ clock }) })
  await later.backfill(new Date(noon), new Date(noon + 60 * minuteMs), {
    onProgress: ({ resolution, done, total, outcome }) => told.push(`${resolution} ${done}/${total} ${outcome.status}`),
  })
  assert.deepEqual(told, ['1h 1/1 exported'])
  assert.equal((await disk.rows('1h', noon))[0]!.count, 360)
})

test('lengths that are not made of one another are refused; as a plugin it writes to the data directory', async (t) => {
  const directory = temporaryFolder(t)
  assert.throws(() => new WindowsExporter({ storage: new MemoryStorage(), resolutions: ['90s'] }), {
    code: 'INVALID_OPTION',
    message: 'windows of 1m30s are not made of whole windows of 1m0s',
  })
  const made = plugin.create({ name: 'usage', config: plugin.config!.parse({}) as never, host: createTestHost({ dataDir: directory }) })
  assert.equal(made.destination, join(directory, 'windows'))
  await made.stop!(createContext())
})

test('a bucket keeps the windows; what it did not take while it was away it gets later', async (t) => {
  const service = await serveS3()
  t.after(() => service.close())
  const clock = new ManualClock(noon)
  const storage = { type: 's3', config: { bucket: 'lake', endpoint: service.url, accessKey, secretKey }, prefix: 'usage' }
  const directory = temporaryFolder(t)
  const host = createTestHost({ clock, load: (name) => import(name) })
  const config = plugin.config!.parse({ storage, directory, resolutions: ['1m'] }) as never
  const exporter = plugin.create({ name: 'load', config, host }) as WindowsExporter
  const context = createContext({ clock })
  assert.equal(exporter.destination, `${service.url}/lake/usage`)
  await exporter.start()
  t.after(() => exporter.stop())
  await exporter.export(new Date(noon), metrics([{ series: load, timeMs: noon, value: 2 }]), context)
  service.misbehave(s3Error(503, 'SlowDown', 'Please reduce your request rate.'))
  await until(clock, () => exporter.health().state !== 'healthy')
  assert.match(JSON.stringify(exporter.health()), /answered 503 SlowDown/)
  service.misbehave(undefined)
  await until(clock, () => service.objects.size > 0)
  const [key, { bytes }] = [...service.objects][0]!
  assert.match(key, /^usage\/federated\/default\/etl\/bingen\/load\/1m0s\/1767614400-1767614460\.jsonl$/)
  assert.equal(JSON.parse(Buffer.from(bytes).toString()).max, 2)
})

/** Lets time pass, and requests be answered, until something is so. */
async function until(clock: ManualClock, isSo: () => boolean): Promise<void> {
  for (let rounds = 0; !isSo(); rounds++) {
    assert.ok(rounds < 2000, 'it never was')
    await clock.advance(1000)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
