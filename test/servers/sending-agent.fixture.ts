/** An agent with one exporter, to which records are posted, for tests against the server at its other end. */
import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../../scripts/servers/server-process.ts'
import type { Signal } from '../../src/sdk.ts'
import { startAgent } from '../../src/testing/index.ts'

export interface SendingAgentOptions {
  /** In which it has a folder of its own. */
  readonly directory: string
  readonly type: string
  readonly config: object
  /** What is posted. Default: any. */
  readonly signals?: readonly Signal[]
}

export interface Outage {
  /** Posts all that there is at these indexes, of 10,000. */
  post(from: number, until: number): Promise<void>
  /** How many records `post` posts for an index. Default: 1. */
  readonly each?: number
  /** Of the server. */
  stop(): Promise<void>
  /** At the port and with the data that it had. */
  start(): Promise<void>
}

/** How many records are known to every test of an outage. */
export const known = 10_000
/** How long an outage lasts. */
export const awayMs = 10_000
/** How many records are posted, and so sent, at once: as many may arrive twice where a server is stopped before it has answered. */
export const perRequest = 500

/** Ended after the test. The exporter is behind a disk buffer, and what it cannot send within some seconds goes back to that. */
export async function sendingAgent(t: TestContext, { directory, type, config, signals }: SendingAgentOptions) {
  const listen = `127.0.0.1:${await freePort()}`
  const folder = await mkdtemp(join(directory, `${type}-agent-`))
  const file = join(folder, 'waybill.yaml')
  const exporter = {
    ...{ name: 'server', type, config },
    buffer: { type: 'disk', max_bytes: '64MiB' },
    retry: { max_retries: 40, initial_delay: '50ms', max_delay: '200ms' },
  }
  // JSON is YAML.
  const configuration = {
    api: { listen: '127.0.0.1:0' },
    receivers: [{ name: 'posted', type: 'http', config: { listen } }],
    exporters: [exporter],
    pipelines: [{ name: 'all', from: ['posted'], to: ['server'], ...(signals && { signals }) }],
  }
  await writeFile(file, JSON.stringify(configuration))
  const agent = await startAgent({ config: file, dataDir: join(folder, 'data') })
  t.after(() => agent.kill())
  const account = async () => (await agent.ledger()).exporters.find(({ name }) => name === 'server')!
  /** Resolves once so many are delivered, and nothing else became of any. */
  async function delivered(count: number): Promise<void> {
    await agent.until(async () => (await account()).delivered >= count, 120_000)
    const { accepted, delivered, deadLettered, dropped, pending } = await account()
    assert.deepEqual([accepted, delivered, deadLettered, dropped, pending], [count, count, 0, {}, 0])
  }
  return {
    account,
    delivered,
    /** What it has printed. */
    output: agent.output,
    /** Records as the codec jsonl has them, to a path of the receiver. */
    async post(path: string, records: readonly object[]): Promise<void> {
      for (let from = 0; from < records.length; from += perRequest) {
        const body = JSON.stringify(records.slice(from, from + perRequest))
        const response = await fetch(`http://${listen}${path}`, { method: 'POST', body })
        assert.equal(response.status, 204, await response.text())
      }
    },
    /** Half is delivered; the server is stopped while a quarter comes, so that a batch under way is cut, and is away for the last. Then all is. */
    async throughOutage({ post, each = 1, stop, start }: Outage): Promise<void> {
      await post(0, known / 2)
      await delivered((each * known) / 2)
      const posting = post(known / 2, (known * 3) / 4)
      await pause(50)
      await stop()
      await posting
      await post((known * 3) / 4, known)
      await pause(awayMs)
      assert.ok((await account()).pending >= (each * known) / 4)
      await start()
      await delivered(each * known)
    },
  }
}
