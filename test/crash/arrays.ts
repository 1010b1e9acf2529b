/** Storage arrays: the agent is killed and started again while it collects, and in the end no sample of any array is missing. */
import assert from 'node:assert/strict'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../../scripts/servers/server-process.ts'
import { Agent } from './agent.ts'
import { everyMs } from './array-driver.ts'
import { randomFrom } from './random.ts'

export interface ArrayKills {
  readonly kills: number
  readonly seed: number
  readonly arrays: number
  print(line: string): void
}

const intervalMs = 2000
const driver = new URL('array-driver.ts', import.meta.url).pathname

const configOf = (folder: string, port: number) => `
plugins: [${driver}]
api: { listen: "127.0.0.1:0" }
arrays:
  listen: 127.0.0.1:${port}
  performance_exporters: []
  alert_exporters: []
  collection: { overlap: 0s }
  traps: { enabled: false }
exporters:
  - { name: samples, type: file, buffer: { type: disk }, config: { output_directory: ${join(folder, 'samples')} } }
`

/** Rejects when a sample is missing, an array is not collected within two intervals of a start, or the books do not balance. */
export async function killWithArrays({ kills, seed, arrays, print }: ArrayKills): Promise<void> {
  const random = randomFrom(seed)
  const folder = mkdtempSync(join(tmpdir(), 'waybill-crash-arrays-'))
  const [config, dataDir, port] = [join(folder, 'waybill.yaml'), join(folder, 'data'), await freePort()]
  writeFileSync(config, configOf(folder, port))
  let agent = new Agent(config, dataDir)
  try {
    await answers(agent, port)
    const ids = await Promise.all(Array.from({ length: arrays }, (_, index) => register(port, index)))
    for (let kill = 1; kill <= kills; kill++) {
      await pause(intervalMs + random() * 2 * intervalMs)
      await agent.kill()
      await pause(random() * 2 * intervalMs)
      agent = new Agent(config, dataDir)
      await answers(agent, port)
      const startedMs = Date.now()
      await until(() => {
        const newest = newestMs(folder)
        return ids.every((id) => (newest.get(id) ?? 0) >= startedMs - intervalMs)
      }, 2 * intervalMs)
      print(`${arrays} arrays, kill ${kill}: all collected again after ${Date.now() - startedMs} ms`)
    }
    const figures = await agent.until(({ exporters }) => exporters.every(({ pending }) => pending === 0), 60_000)
    assert.equal(await agent.stop(), 0)
    const { delivered } = figures.exporters[0]!
    const { missing, repeated, samples } = gaps(folder, ids)
    print(
      `${samples} samples of ${arrays} arrays, ${delivered} delivered, ${repeated} more than once, ${missing} missing; the books balance`,
    )
    assert.equal(missing, 0)
    rmSync(folder, { recursive: true })
  } catch (error) {
    print(`what it wrote is in ${folder}; it said:\n${agent.output.slice(-2000)}`)
    if (!agent.ended) await agent.kill()
    throw error
  }
}

const api = (port: number, path: string) => `http://127.0.0.1:${port}/v1${path}`

const answers = (agent: Agent, port: number): Promise<void> =>
  until(async () => {
    assert.ok(!agent.ended, agent.output)
    return (await fetch(api(port, '/storages')).catch(() => undefined))?.ok ?? false
  }, 20_000)

/** Resolves to the id. */
async function register(port: number, index: number): Promise<string> {
  const rest = { host: `10.0.0.${index}`, port: 80, username: 'me', password: 'secret' }
  const registered = await send('POST', api(port, '/storages'), { vendor: 'known', model: 'known', rest })
  const { id } = registered as { readonly id: string }
  const array_polling = { perf_collection: true, interval: intervalMs / 1000, is_historic: false }
  await send('PUT', api(port, `/storages/${id}/metrics-config`), { array_polling })
  return id
}

async function send(method: string, url: string, body: object): Promise<unknown> {
  const response = await fetch(url, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const answer: unknown = await response.json()
  assert.ok(response.ok, JSON.stringify(answer))
  return answer
}

async function until(isSo: () => Promise<boolean> | boolean, limitMs: number): Promise<void> {
  for (const startMs = performance.now(); !(await isSo()); await pause(100))
    if (performance.now() - startMs > limitMs) throw new Error(`it is not so after ${limitMs} ms`)
}

interface Written {
  readonly time: string
  readonly labels: { readonly storage_id: string; readonly resource_id: string }
}

/** Every sample in the files, but for what is being written. */
function* written(folder: string): Generator<Written> {
  for (const file of globSync(join(folder, 'samples', '*.jsonl')))
    for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) yield JSON.parse(line) as Written
}

/** By array the time of its newest sample. */
function newestMs(folder: string): ReadonlyMap<string, number> {
  const newest = new Map<string, number>()
  for (const { time, labels } of written(folder))
    newest.set(labels.storage_id, Math.max(newest.get(labels.storage_id) ?? 0, Date.parse(time)))
  return newest
}

/** Samples that are not there between the first and the last of a series. */
function gaps(folder: string, ids: readonly string[]) {
  const series = new Map<string, number[]>()
  for (const { time, labels } of written(folder)) {
    const key = `${labels.storage_id} ${labels.resource_id}`
    series.set(key, [...(series.get(key) ?? []), Date.parse(time)])
  }
  assert.equal(series.size, 2 * ids.length)
  const found = { missing: 0, repeated: 0, samples: 0 }
  for (const times of series.values()) {
    const distinct = new Set(times)
    found.samples += times.length
    found.repeated += times.length - distinct.size
    found.missing += (Math.max(...times) - Math.min(...times)) / everyMs + 1 - distinct.size
  }
  return found
}
