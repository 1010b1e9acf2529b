import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../../scripts/servers/server-process.ts'
import { Agent, waybill } from './agent.ts'
import { checkFates } from './check-fates.ts'
import { configOf, destinations } from './config.ts'
import { type Destination, type Mood, numbersInJson, numbersInRemoteWrite, startDestination } from './destinations.ts'
import { Oracle } from './oracle.ts'
import { randomFrom } from './random.ts'
import { sendAll } from './senders.ts'

export interface KillsOptions {
  readonly kills: number
  readonly seed: number
  readonly print: (line: string) => void
}

const moods: readonly Mood[] = ['up', 'up', 'up', 'down', 'down', 'cut', 'hang', 'picky']

/**
 * Kills the agent at random moments, while it starts too, under load through its receivers, with destinations that come and go.
 * In the end these stay, and what was acknowledged has to be there. Throws an AssertionError where it is not.
 */
export async function killAgain({ kills, seed, print }: KillsOptions): Promise<void> {
  const random = randomFrom(seed)
  const folder = mkdtempSync(join(tmpdir(), 'waybill-crash-'))
  const oracle = new Oracle(destinations)
  const over = new AbortController()
  const servers = await Promise.all(
    [numbersInJson, numbersInRemoteWrite].map((numbersIn, index) =>
      startDestination(numbersIn, { arrived: (numbers) => oracle.arrived(destinations[index]!, numbers), random }),
    ),
  )
  try {
    const ports = [await freePort(), await freePort()] as const
    const config = join(folder, 'crash.yaml')
    const dataDir = join(folder, 'data')
    writeFileSync(config, configOf(ports, servers))
    const urls = { http: `http://127.0.0.1:${ports[0]}/metrics`, remoteWrite: `http://127.0.0.1:${ports[1]}/api/v1/write` }
    const changing = Promise.all(servers.map((server) => changeMoods(server, random, over.signal)))
    const sending = sendAll({ oracle, random, urls, restMs: 30, signal: over.signal })
    for (let kill = 1; kill <= kills; kill++) {
      const agent = new Agent(config, dataDir)
      if (random() < 0.75) await agent.until(() => true, 30_000)
      await pause(random() * 2000)
      await agent.kill()
      if (kill % 10 === 0) print(`${kill} kills, ${oracle.acknowledged} records acknowledged`)
    }
    const agent = new Agent(config, dataDir)
    await agent.until(() => true, 30_000)
    await pause(500)
    over.abort()
    await Promise.all([sending, changing])
    for (const server of servers) server.mood = 'up'
    await agent.until(({ exporters }) => exporters.every(({ pending }) => pending === 0), 120_000)
    const books = await agent.until(() => true, 1000)
    const code = await agent.stop()
    assert.ok(code === 0 || code === 3, `it ended with ${code}: ${agent.output}`)
    for (const line of (await waybill('dlq', 'export', '--data-dir', dataDir)).split('\n').filter(Boolean)) {
      const { exporter, record } = JSON.parse(line) as { exporter: string; record: { value: number } }
      oracle.deadLettered(exporter, [record.value])
    }
    print(`${oracle.sent} records sent, ${oracle.acknowledged} acknowledged, ${kills} kills`)
    checkFates(oracle, books, print)
    const quarantined = destinations.filter((name) => readdirSync(join(dataDir, 'buffers', name)).includes('quarantine'))
    assert.deepEqual(quarantined, [], 'nothing was damaged')
    rmSync(folder, { recursive: true })
  } catch (error) {
    print(`what was left is in ${folder}`)
    throw error
  } finally {
    over.abort()
    for (const server of servers) server.close()
  }
}

async function changeMoods(server: Destination, random: () => number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    server.mood = moods[Math.floor(random() * moods.length)]!
    await pause(200 + random() * 1500)
  }
}
