/** Runs every folder of examples/ with real processes and compares what comes of it with its file `expected`. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, suite, test } from 'node:test'
import { parseAllDocuments } from 'yaml'
import { type Destination, startDestination } from '../examples/destination.ts'
import { booksOf } from '../src/cli/books.ts'
import { startAgent } from '../src/testing/agent-process.ts'

const examples = join(import.meta.dirname, '../examples')
const expectedOf = (name: string): string => readFileSync(join(examples, name, 'expected'), 'utf8')

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-examples-'))
})
after(() => rmSync(folder, { recursive: true }))

/** Tables as cells, with `all` for as many records as the first pipeline received and `some` for other counts. */
function summary(books: string): string[][] {
  const rows = books.split('\n').map((line) => line.split(/ {2,}/))
  const all = rows[1]![1]
  return rows.map((cells, index) => {
    const counts = cells.map((cell) => cell.replace(/^[1-9][\d,]*/, (count) => (count === all ? 'all' : 'some')))
    // Ticks are missed on a machine that is busy, whatever the example.
    return index < rows.findIndex(([cell]) => cell === '') ? counts.slice(0, -1) : counts
  })
}

/** How many records the books have under a heading, by exporter. */
function column(books: string, heading: string): Record<string, number> {
  const [head, ...rows] = books
    .split('\n\n')[1]!
    .split('\n')
    .map((line) => line.split(/ {2,}/))
  const index = head!.indexOf(heading)
  return Object.fromEntries(rows.map((cells) => [cells[0]!, Number(cells[index]!.replaceAll(',', '').replace('-', '0'))]))
}

/** Runs the configuration until its books are as expected; gives the books that it printed in the end and its data directory. */
async function run(
  name: string,
  env: Readonly<Record<string, string>>,
  text = readFileSync(join(examples, name, 'waybill.yaml'), 'utf8'),
): Promise<{ books: string; dataDir: string }> {
  const expected = expectedOf(name)
  const config = join(folder, `${name}.yaml`)
  writeFileSync(config, `api: { listen: "127.0.0.1:0" }\n${text}`)
  const dataDir = join(folder, name)
  const agent = await startAgent({ config, dataDir, env })
  const tables = JSON.stringify(summary(expected).slice(0, -2))
  const settled = async () => JSON.stringify(summary(booksOf(await agent.ledger(), { nowMs: Date.now() }).join('\n'))) === tables
  // When they never are, the comparison below tells the difference.
  await agent.until(settled, 8_000).catch(() => {})
  agent.signal('SIGTERM')
  const { code, output } = await agent.exited
  const books = output.match(/^pipeline [\s\S]*^The books balance\.$/m)?.[0] ?? output
  assert.deepEqual(summary(`${books}\nexit code ${code}\n`), summary(expected))
  return { books, dataDir }
}

/** Lines of the files below a directory whose names begin so. */
function lines(directory: string, prefix: string): number {
  const files = readdirSync(directory).filter((name) => name.startsWith(prefix))
  return files.reduce((count, name) => count + readFileSync(join(directory, name), 'utf8').split('\n').length - 1, 0)
}

suite('examples', { concurrency: true }, () => {
  const open: Destination[] = []
  after(() => {
    for (const destination of open) destination.close()
  })

  async function destination(answer: (request: number) => number): Promise<Destination> {
    const started = await startDestination(0, answer)
    open.push(started)
    return started
  }

  test('parallel: every place has everything', async () => {
    const api = await destination(() => 200)
    const { books, dataDir } = await run('parallel', { API_URL: api.url })
    const database = new DatabaseSync(join(dataDir, 'waybill.db'), { readOnly: true })
    const { count } = database.prepare('SELECT count(*) AS count FROM metrics').get() as { count: number }
    database.close()
    assert.deepEqual(column(books, 'delivered'), { archive: lines(dataDir, 'archive-'), database: count, api: api.received() })
  })

  test('failover: the standby has what the primary did not take', async () => {
    const primary = await destination((request) => (request === 0 ? 200 : 503))
    const standby = await destination(() => 200)
    const { books } = await run('failover', { PRIMARY_URL: primary.url, STANDBY_URL: standby.url })
    assert.deepEqual(column(books, 'delivered'), { primary: primary.received(), standby: standby.received() })
  })

  test('conditional: each place has what its condition holds for', async () => {
    const watch = await destination(() => 200)
    const { books, dataDir } = await run('conditional', { API_URL: watch.url, HIGH_LOAD: '-1', BUSY: '2' })
    assert.deepEqual(column(books, 'delivered'), {
      watch: watch.received(),
      busy: lines(dataDir, 'busy-'),
      archive: lines(dataDir, 'archive-'),
    })
  })

  test('resilient: what fails goes to the fallback, what is rejected to the dead letters', async () => {
    const api = await destination((request) => [200, 400][request] ?? 503)
    const { books, dataDir } = await run('resilient', { API_URL: api.url })
    assert.deepEqual(column(books, 'delivered'), { api: api.received(), local: lines(dataDir, 'local-') })
    assert.deepEqual(column(books, 'dead letters'), { api: lines(join(dataDir, 'dead-letters'), 'letters-'), local: 0 })
  })

  test('000-38 000-39 framework-agent: diagnostics and windows in a folder', async () => {
    const stored = join(folder, 'stored')
    const text = readFileSync(join(examples, 'framework-agent/waybill.yaml'), 'utf8')
    // Sooner than every ten seconds, so that the test need not wait.
    await run('framework-agent', {}, text.replaceAll('interval: 10s', 'interval: 500ms').replaceAll('./stored', stored))
    const files = readdirSync(stored, { recursive: true, encoding: 'utf8' })
    assert.ok(
      files.some((path) => /^federated.cluster-01.diagnostics.\d{14}\.jsonl$/.test(path)),
      files.join(),
    )
    assert.ok(
      files.some((path) => /^federated.cluster-01.etl.bingen.usage.\w+.\d+-\d+\.jsonl$/.test(path)),
      files.join(),
    )
  })

  test('003-50 003-52 F18 kubernetes: the exporters of the ConfigMap run as they stand, with the mounted secret', async () => {
    const manifests = parseAllDocuments(readFileSync(join(examples, 'kubernetes/exporters.yaml'), 'utf8')).map((document) =>
      document.toJS(),
    )
    const [config, secret, { spec }] = manifests
    const [container] = spec.template.spec.containers
    const mounted = join(folder, 'secrets')
    mkdirSync(mounted)
    for (const [name, value] of Object.entries(secret.stringData)) writeFileSync(join(mounted, name), String(value))
    assert.equal(container.env[0].name, 'WAYBILL_SECRETS_DIR')
    const api = await destination(() => 200)
    const { books } = await run('kubernetes', { API_URL: api.url, WAYBILL_SECRETS_DIR: mounted }, config.data['exporters.yaml'])
    assert.equal(column(books, 'delivered')['metrics-api'], api.received())
    assert.deepEqual(api.authorizations(), ['Bearer change-me'])
  })

  test('library: prints the books, and is what the README shows', () => {
    const main = join(examples, 'library/main.ts')
    const { stdout, stderr } = spawnSync(process.execPath, ['--conditions=waybill-source', main], { cwd: folder, encoding: 'utf8' })
    assert.equal(stdout, expectedOf('library'), stderr)
    assert.equal(lines(join(folder, 'archive'), 'file-'), 1)

    const [, shown] = readFileSync(join(examples, '../README.md'), 'utf8').match(/^```ts\n([\s\S]*?)^account\.figures\(\)/m)!
    assert.ok(readFileSync(main, 'utf8').includes(shown!), 'the README shows something else')
  })

  test('there is no example that is not tested', () => {
    const folders = readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    assert.deepEqual(folders.map(({ name }) => name).sort(), [
      'conditional',
      'failover',
      'framework-agent',
      'framework-coin-flip',
      'framework-message',
      'framework-windows',
      'kubernetes',
      'library',
      'opencost',
      'parallel',
      'resilient',
    ])
  })
})
