/**
 * `npm run test:soak [-- --minutes N --leak SIZE]`: the agent under full load, both receivers in front of both buffers on disk, with
 * destinations that take everything. In the end its heap has not grown, nothing is lost, and the books balance; else the exit code is 1.
 * With `--leak` the agent is made to leak so much a second, which has to make it fail.
 */
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { freePort } from '../../scripts/servers/server-process.ts'
import { formatSize, parseSize } from '../../src/index.ts'
import { Agent } from './agent.ts'
import { checkFates } from './check-fates.ts'
import { configOf, destinations } from './config.ts'
import { numbersInJson, numbersInRemoteWrite, startDestination } from './destinations.ts'
import { growth } from './growth.ts'
import type { Memory } from './memory.ts'
import { Oracle } from './oracle.ts'
import { randomFrom } from './random.ts'
import { sendAll } from './senders.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    leak: { type: 'string', default: '0' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
  },
})
const [minutes, seed] = [Number(values.minutes), Number(values.seed)]
const everyMs = Math.min(10_000, minutes * 1000)
/** By so much, of its mean, the heap may have grown in the last two thirds of the time. */
const mostGrowth = 0.02

const print = (line: string) => void process.stdout.write(`${line}\n`)
const folder = mkdtempSync(join(tmpdir(), 'waybill-soak-'))
const oracle = new Oracle(destinations)
const over = new AbortController()
const servers = await Promise.all(
  [numbersInJson, numbersInRemoteWrite].map((numbersIn, index) =>
    startDestination(numbersIn, { arrived: (numbers) => oracle.arrived(destinations[index]!, numbers), random: () => 1 }),
  ),
)
try {
  await soak()
  rmSync(folder, { recursive: true })
} catch (error) {
  print(`${(error as Error).stack}\nwhat was left is in ${folder}`)
  process.exitCode = 1
} finally {
  over.abort()
  for (const server of servers) server.close()
}

async function soak(): Promise<void> {
  const ports = [await freePort(), await freePort()] as const
  const urls = { http: `http://127.0.0.1:${ports[0]}/metrics`, remoteWrite: `http://127.0.0.1:${ports[1]}/api/v1/write` }
  const config = join(folder, 'soak.yaml')
  writeFileSync(config, configOf(ports, servers))
  process.env.WAYBILL_TEST_LEAK = String(parseSize(values.leak))
  const agent = new Agent(config, join(folder, 'data'), ['--expose-gc', `--import=${import.meta.resolve('./memory.ts')}`])
  await agent.until(() => true, 30_000)
  const sending = sendAll({ oracle, random: randomFrom(seed), urls, restMs: 0, signal: over.signal })
  const samples = await watch(agent)
  over.abort()
  await sending
  const books = await agent.until(({ exporters }) => exporters.every(({ pending }) => pending === 0), 60_000)
  assert.equal(await agent.stop(), 0, agent.output)
  checkFates(oracle, books, print)
  const last = samples.slice(Math.floor(samples.length / 3))
  const grown = growth(last.map(({ atMs, heap }) => ({ at: atMs, value: heap })))
  print(`the heap grew by ${percent(grown)} in the last two thirds; ${percent(mostGrowth)} are allowed`)
  assert.ok(grown <= mostGrowth, 'the heap grows')
}

/** What the agent holds, every so often, until the time is over. */
async function watch(agent: Agent): Promise<readonly (Memory & { atMs: number })[]> {
  const samples: (Memory & { atMs: number })[] = []
  const startMs = performance.now()
  let before = { atMs: 0, cpuMs: 0, acknowledged: 0 }
  for (let next = everyMs; next <= minutes * 60_000; next += everyMs) {
    await pause(startMs + next - performance.now())
    const sample = { ...((await agent.ask()) as Memory), atMs: performance.now() - startMs }
    samples.push(sample)
    const { atMs, heap, external, resident, cpuMs } = sample
    const { acknowledged } = oracle
    const busy = percent((cpuMs - before.cpuMs) / (atMs - before.atMs))
    const rate = Math.round((1000 * (acknowledged - before.acknowledged)) / (atMs - before.atMs))
    const [onHeap, outside, inAll] = [heap, external, resident].map(formatSize)
    print(`${Math.round(atMs / 1000)} s: heap ${onHeap}, outside ${outside}, resident ${inAll}; ${rate} records/s, ${busy} of a core`)
    before = { atMs, cpuMs, acknowledged }
  }
  return samples
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
