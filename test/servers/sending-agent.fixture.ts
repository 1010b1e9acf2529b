/** An agent with one exporter, to which records are posted, for tests against the server at its other end. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { freePort } from '../../scripts/servers/server-process.ts'
import { startAgent } from '../../src/testing/index.ts'

export interface SendingAgentOptions {
  /** For its configuration and data. */
  readonly directory: string
  readonly type: string
  readonly config: object
}

const perRequest = 500

/** Ended after the test. The exporter is behind a disk buffer, and what it cannot send soon goes back to that. */
export async function sendingAgent(t: TestContext, { directory, type, config }: SendingAgentOptions) {
  const listen = `127.0.0.1:${await freePort()}`
  const file = join(directory, `${type}.yaml`)
  const exporter = {
    ...{ name: 'server', type, config },
    buffer: { type: 'disk', max_bytes: '64MiB' },
    retry: { max_retries: 1, initial_delay: '50ms', max_delay: '200ms' },
  }
  // JSON is YAML.
  const configuration = {
    api: { listen: '127.0.0.1:0' },
    receivers: [{ name: 'posted', type: 'http', config: { listen } }],
    exporters: [exporter],
    pipelines: [{ name: 'all', from: ['posted'], to: ['server'] }],
  }
  await writeFile(file, JSON.stringify(configuration))
  const agent = await startAgent({ config: file, dataDir: join(directory, `${type}-agent`) })
  t.after(() => agent.kill())
  const account = async () => (await agent.ledger()).exporters.find(({ name }) => name === 'server')!
  return {
    account,
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
    /** Resolves once so many are delivered, and nothing else became of any. */
    async delivered(count: number): Promise<void> {
      await agent.until(async () => (await account()).delivered >= count, 120_000)
      const { accepted, delivered, deadLettered, dropped, pending } = await account()
      assert.deepEqual([accepted, delivered, deadLettered, dropped, pending], [count, count, 0, {}, 0])
    },
  }
}
