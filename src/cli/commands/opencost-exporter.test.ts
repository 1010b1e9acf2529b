import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Batch, createContext, type EventExporter, ok, type RowsBatch, reject, type Table } from '../../core/index.ts'
import { OpenCostSimulator } from '../../opencost/simulator/simulator.ts'
import { runCommand } from './opencost.fixture.ts'
import { ExporterOutput } from './opencost-exporter.ts'

const table: Table = { name: 'Costs', columns: [{ name: 'Cost', type: 'real' }] }
const rows = (count: number) => Array.from({ length: count }, (_, index) => [index])

/** An exporter that remembers what happens to it. */
function remembering(answer: () => Awaited<ReturnType<EventExporter<Batch>['export']>> = () => ok) {
  const events: string[] = []
  const note = (event: string) => async () => void events.push(event)
  const exporter: EventExporter<Batch> = {
    name: 'warehouse',
    destination: 'http://warehouse',
    start: note('start'),
    flush: note('flush'),
    stop: note('stop'),
    async export(_time, batch) {
      events.push(`${(batch as RowsBatch).table.name} ${(batch as RowsBatch).rows.length}`)
      return answer()
    },
  }
  return { events, output: new ExporterOutput(exporter, createContext()) }
}

test('rows go in batches of one table; the exporter is started by the first, and flushed and stopped in the end', async () => {
  const { events, output } = remembering()
  assert.equal(output.destination, 'warehouse (http://warehouse)')
  await output.take(table, rows(600))
  assert.deepEqual(events, [])
  await output.take(table, rows(600))
  await output.take(table, rows(5))
  await output.take({ ...table, name: 'Assets' }, rows(7))
  await output.commit()
  await output.commit()
  assert.deepEqual(events, ['start', 'Costs 1200', 'Costs 5', 'Assets 7', 'flush', 'stop'])
})

test('an exporter that nothing comes to is not started; one that refuses is stopped', async () => {
  const idle = remembering()
  await idle.output.commit()
  assert.deepEqual(idle.events, [])

  const refusing = remembering(() => reject(new Error('no such table')))
  await refusing.output.take(table, rows(1))
  await assert.rejects(refusing.output.commit(), {
    code: 'DESTINATION_UNAVAILABLE',
    message: 'warehouse (http://warehouse) did not take everything: no such table',
  })
  await refusing.output.discard()
  assert.deepEqual(refusing.events, ['start', 'Costs 1', 'stop'])
})

/** A simulated OpenCost, a server that refuses everything, and a configuration with exporters. */
async function setUp(t: TestContext) {
  const simulator = new OpenCostSimulator({ namespaces: 3, pods: 12, nodes: 2, seed: 1 })
  const endpoint = await simulator.listen(0)
  const refusing = createServer((_request, response) => response.writeHead(400).end('no')).listen(0, '127.0.0.1')
  await once(refusing, 'listening')
  const folder = mkdtempSync(join(tmpdir(), 'waybill-to-'))
  t.after(async () => {
    rmSync(folder, { recursive: true })
    refusing.close()
    await simulator.close()
  })
  const config = join(folder, 'waybill.yaml')
  writeFileSync(
    config,
    `data_dir: ${folder}
exporters:
  - { name: archive, type: file, config: { output_directory: ${folder}/out, file_format: csv } }
  - { name: refusing, type: http, config: { endpoint: "http://127.0.0.1:${(refusing.address() as AddressInfo).port}" } }
  - { name: scraped, type: prometheus, config: { listen: "127.0.0.1:0" } }
`,
  )
  const run = async (...args: string[]) => {
    let said = ''
    const mock = t.mock.method(process.stderr, 'write', (part: string) => {
      said += part
      return true
    })
    const ran = await runCommand('opencost', 'export', '--endpoint', endpoint, '--retries', '0', '--config', config, ...args)
    mock.mock.restore()
    return { ...ran, said }
  }
  const exported = (): string[][] =>
    readdirSync(join(folder, 'out'))
      .sort()
      .map((name) =>
        readFileSync(join(folder, 'out', name), 'utf8')
          .trimEnd()
          .split('\r\n'),
      )
  return { folder, run, exported }
}

test('--to hands both data types to an exporter of a configuration', async (t) => {
  const { run, exported } = await setUp(t)
  const { code, said } = await run('--to', 'archive', '--aggregate', 'namespace', '--run-id', 'r')
  assert.equal(code, 0)
  assert.match(said, /^3 allocations from .* → archive \(.*out\)/m)
  const [allocations, assets] = exported()
  assert.match(allocations![0]!, /^Timestamp,CollectionTime,Source,_run_id,AllocationName,/)
  assert.equal(allocations!.length, 1 + 3)
  assert.match(assets![0]!, /,AssetName,.*,Breakdown,Labels$/)
})

test('charges of FOCUS go to an exporter too', async (t) => {
  const { run, exported } = await setUp(t)
  assert.equal((await run('--to', 'archive', '--format', 'focus', '--data-type', 'assets')).code, 0)
  assert.match(exported()[0]![0]!, /^BilledCost,BillingAccountId,/)
})

test('an exporter that is not there, takes no rows or refuses is told in a line', async (t) => {
  const { folder, run } = await setUp(t)
  const cases: [code: 1 | 2, told: RegExp, ...args: string[]][] = [
    [2, /has no exporter archiv that takes rows; did you mean archive\?$/, '--to', 'archiv'],
    [2, /has no exporter scraped that takes rows; known are archive, refusing$/, '--to', 'scraped'],
    [2, /--format csv is of files; an exporter has a format of its own/, '--to', 'archive', '--format', 'csv'],
    [2, /--to is an exporter, and an output is given/, '--to', 'archive', '--output', '-'],
    [2, /--resume is for exports in steps to files/, '--to', 'archive', '--resume', '--step', '1h'],
    [1, /cannot read .*nothing\.yaml \(ENOENT\)/, '--to', 'archive', '--config', join(folder, 'nothing.yaml')],
    [1, /^refusing \(http:.*\) did not take everything: .*400/, '--to', 'refusing'],
  ]
  for (const [code, told, ...args] of cases) {
    const ran = await run(...args)
    assert.equal(ran.code, code, `${args.join(' ')}: ${ran.error}`)
    assert.match(ran.error, told)
    assert.equal(ran.error.split('\n').length, 1)
  }
})
