/**
 * `node --conditions=waybill-source bench/loss/run.ts [--seconds N]`: what of the samples that it acknowledged each agent loses when it ends
 * while its destination is down. README.md tells how it is measured.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { freePort } from '../../scripts/servers/server-process.ts'
import { SnappyCompressor } from '../../src/codecs/snappy/snappy.ts'
import { numbersInRemoteWrite, startDestination } from '../../test/crash/destinations.ts'
import { Oracle } from '../../test/crash/oracle.ts'
import { remoteWriteOf } from '../../test/crash/senders.ts'
import { end, type Forwarder, forwarders, run } from './agents.ts'

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '5' }, only: { type: 'string' } } })
/** How long is sent before it ends. */
const sendMs = Number(values.seconds) * 1000
/** Nothing more comes when nothing has come for so long. */
const quietMs = 20_000
const recordsEach = 500
const print = (line: string) => void process.stdout.write(`${line}\n`)

print('agent                   ended by  acknowledged      lost  lost, %  arrived again')
for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  for (const forwarder of forwarders) {
    if (values.only && !forwarder.name.startsWith(values.only)) continue
    const { acknowledged, lost, copies } = await outage(forwarder, signal)
    const cells = [forwarder.name.padEnd(22), signal.padStart(9), number(acknowledged, 12), number(lost, 8)]
    print([...cells, ((100 * lost) / acknowledged).toFixed(1).padStart(7), number(copies, 13)].join('  '))
  }
}

function number(value: number, width: number): string {
  return value.toLocaleString('en-US').padStart(width)
}

async function outage(forwarder: Forwarder, signal: 'SIGKILL' | 'SIGTERM') {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-loss-'))
  const oracle = new Oracle(['destination'])
  let lastMs = performance.now()
  const arrived = (numbers: readonly number[]) => {
    lastMs = performance.now()
    oracle.arrived('destination', numbers)
  }
  // Without the answers that get lost now and then in the crash test.
  const destination = await startDestination(numbersInRemoteWrite, { arrived, random: () => 0.5 })
  try {
    destination.mood = 'down'
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const command = forwarder.command({ folder, port, destination: destination.url })
    const first = await run(command, url + forwarder.ready)
    await send(oracle, url + forwarder.path)
    await end(first, signal)
    destination.mood = 'up'
    const second = await run(command, url + forwarder.ready)
    lastMs = performance.now()
    while (performance.now() - lastMs < quietMs) await pause(500)
    await end(second, 'SIGKILL')
    const { lost, copies } = oracle.verdict('destination')
    return { acknowledged: oracle.acknowledged, lost: lost.length, copies }
  } finally {
    destination.close()
    rmSync(folder, { recursive: true })
  }
}

/** One request after another, a hundred a second at most, until the time is over. */
async function send(oracle: Oracle, url: string): Promise<void> {
  const compressor = new SnappyCompressor()
  const start = performance.now()
  const startMs = Date.now() - 100_000
  for (let request = 0; performance.now() - start < sendMs; request++) {
    const numbers = oracle.take(recordsEach)
    const { body, headers } = remoteWriteOf(numbers, { lane: 'loss', timeMs: startMs + request, compressor })
    const response = await fetch(url, { method: 'POST', body, headers })
    await response.arrayBuffer()
    oracle.answered(numbers, response.ok ? 'taken' : 'refused')
    await pause(10)
  }
}
