/** Allocations of an OpenCost to rows for Kusto: the command, and a Python program that does the same. README.md tells how it is measured. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { OpenCostSimulator } from '../src/opencost/simulator/simulator.ts'
import type { Comparison } from './measure/comparison.ts'

/** About how many allocations the reply holds. */
const wanted = Number(process.env.ALLOCATIONS ?? 200_000)

/** What a process took, by its own account. */
interface Took {
  readonly cpuSeconds: number
  readonly peakMegabytes: number
  /** With which library Python has asked. */
  readonly library?: string
}

/** Writes down what a process of Node took. */
const account = `data:text/javascript,${encodeURIComponent(`
import { writeSync } from 'node:fs'
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  writeSync(3, JSON.stringify({ cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMegabytes: (maxRSS * 1024) / 1e6 }))
})`)}`

const waybill = ['--conditions=waybill-source', '--import', account, fileURLToPath(new URL('../bin/waybill', import.meta.url))]
const program = fileURLToPath(new URL('opencost.py', import.meta.url))

export default async function* (): AsyncGenerator<Comparison> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-opencost-'))
  try {
    const library = await assertSame(folder)
    const reply = join(folder, 'reply.json')
    const count = await writeReply(reply, wanted)
    const { address, close } = await serve(reply)
    const peaks = new Map<Program, number>()
    const run = async (program: Program) => {
      const { cpuSeconds, peakMegabytes } = await exportWith(program, address, join(folder, 'out.json'))
      peaks.set(program, peakMegabytes)
      return cpuSeconds
    }
    yield {
      case: `${count.toLocaleString('en-US')} allocations to Kusto`,
      alternative: `Python, ${library} and json`,
      unit: 'rows',
      count,
      ours: () => run('waybill'),
      theirs: () => run('python3'),
    }
    close()
    process.stderr.write(`peak memory: ${[...peaks].map(([program, megabytes]) => `${program} ${megabytes.toFixed(0)} MB`).join(', ')}\n`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Asks a simulated OpenCost for about so many allocations of containers, and says how many they were. */
async function writeReply(path: string, allocations: number): Promise<number> {
  const simulator = new OpenCostSimulator({ namespaces: 50, pods: Math.ceil(allocations / 2), nodes: 100, seed: 1 })
  const address = await simulator.listen(0)
  const reply = await fetch(`${address}/allocation?window=1h&aggregate=cluster,node,namespace,pod,container`)
  let count = 0
  let before = ''
  const counted = async function* (parts: AsyncIterable<Uint8Array>) {
    for await (const part of parts) {
      const text = before + Buffer.from(part).toString('latin1')
      count += text.split('"properties":').length - 1
      before = text.slice(-'"properties":'.length + 1)
      yield part
    }
  }
  await pipeline(Readable.fromWeb(reply.body as never), counted, createWriteStream(path))
  await simulator.close()
  return count
}

/** A plain server of that one file. */
async function serve(path: string): Promise<{ address: string; close(): void }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json')
    createReadStream(path).pipe(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

type Program = 'waybill' | 'python3'

async function exportWith(by: Program, address: string, out: string): Promise<Took> {
  const [command, args] =
    by === 'python3'
      ? ['python3', [program, address, out]]
      : [process.execPath, [...waybill, 'opencost', 'export', '--endpoint', address, '--data-type', 'allocation', '--output', out]]
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
  const [said, took] = await Promise.all([text(child.stderr!), text(child.stdio[3] as Readable)])
  assert.ok(took, `${by} did not come to its end: ${said}`)
  return JSON.parse(took) as Took
}

/** A comparison of different rows would say nothing. Resolves with the library that Python asks with. */
async function assertSame(folder: string): Promise<string> {
  const reply = join(folder, 'small.json')
  await writeReply(reply, 2000)
  const { address, close } = await serve(reply)
  const out = join(folder, 'small-out.json')
  const rowsOf = async (by: Program) => {
    const { library = '' } = await exportWith(by, address, out)
    const lines = readFileSync(out, 'utf8').trimEnd().split('\n')
    const rows = lines.map((line) => {
      const { Timestamp, CollectionTime, Properties, ...row } = JSON.parse(line) as Record<string, string>
      assert.ok(Timestamp && CollectionTime)
      return { ...row, Properties: JSON.parse(Properties!) as object }
    })
    return { rows, library }
  }
  const theirs = await rowsOf('python3')
  assert.deepEqual((await rowsOf('waybill')).rows, theirs.rows)
  close()
  return theirs.library
}
