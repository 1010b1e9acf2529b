import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { told } from '../src/cli/commands/printed.fixture.ts'
import { main } from '../src/cli/main.ts'
import { version } from '../src/version.ts'
import { waybillCommand } from './command.fixture.ts'

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-cli-'))
})
after(() => rmSync(folder, { recursive: true }))

/** Runs `waybill` in this process. */
const waybill = (t: TestContext, ...args: readonly string[]) => told(t, () => main(args))

test('--version and --help go to standard output, with exit code 0', async () => {
  assert.deepEqual(await waybillCommand(['--version']), { code: 0, stdout: `${version}\n`, stderr: '' })
  const help = await waybillCommand(['run', '--help'])
  assert.equal(help.code, 0)
  assert.match(help.stdout, /Examples:\n {2}\$ waybill run/)
})

test('a wrong command line is exit code 2 and one line that tells what was meant', async (t) => {
  assert.equal((await waybillCommand(['rum'])).code, 2)
  for (const [args, words] of [
    [['rum'], /unknown command 'rum'[\s\S]*Did you mean run/],
    [['run', '--fro', '1s'], /unknown option '--fro'[\s\S]*Did you mean --for/],
    [['run', '--log-level', 'loud'], /Allowed choices are debug, info, warn, error/],
    [['run', '--for', 'soon'], /"soon" is not a duration/],
    [['completion', 'tcsh'], /choose bash, zsh or fish/],
  ] as const) {
    const { code, stdout, stderr } = await waybill(t, ...args)
    assert.equal(code, 2, `${args.join(' ')}: ${stderr}`)
    assert.equal(stdout, '')
    assert.match(stderr, words)
  }
})

test('check tells that there are no errors, or every one of them with its place and exit code 1', async (t) => {
  const good = join(folder, 'good.yaml')
  writeFileSync(good, 'exporters: [ { type: console } ]\n')
  const fine = await waybill(t, 'check', good)
  assert.equal(fine.code, 0)
  assert.match(fine.stdout, /no errors/)
  const bad = join(folder, 'bad.yaml')
  writeFileSync(bad, 'exporters:\n  - { typ: console }\nstop_timeout: soon\n')
  const { code, stdout, stderr } = await waybill(t, 'check', bad)
  assert.equal(code, 1)
  assert.equal(stdout, '')
  assert.deepEqual(
    stderr
      .trim()
      .split('\n')
      .map((line) => line.slice(bad.length, bad.length + 5)),
    [':2:5:', ':2:7:', ':3:15'],
  )
  const run = await waybillCommand(['run', bad], { cwd: folder })
  assert.equal(run.code, 1)
  assert.equal(run.stderr, stderr)
})

test('a file that is not there is one line', async () => {
  const { code, stderr } = await waybillCommand(['run', 'nope.yaml'], { cwd: folder })
  assert.equal(code, 1)
  assert.equal(stderr, 'cannot read nope.yaml (ENOENT); check the path and that this user may read it\n')
})

test('plugins lists what there is, as a table and as JSON', async (t) => {
  const { stdout } = await waybill(t, 'plugins')
  assert.match(stdout, /^source +system +metrics +\w+ +\S/m)
  const listed = JSON.parse((await waybill(t, 'plugins', '--json')).stdout) as { kind: string; type: string }[]
  const exporters = listed.filter(({ kind }) => kind === 'exporter').map(({ type }) => type)
  for (const type of ['console', 'database', 'file', 'prometheus']) assert.ok(exporters.includes(type), type)
})

test('docs prints the page of a plugin, and says what was meant for one that is not there', async (t) => {
  const { code, stdout } = await waybill(t, 'docs', 'prometheus')
  assert.equal(code, 0)
  assert.match(stdout, /^# /)
  assert.match(stdout, /\| `listen` \|/)
  const wrong = await waybill(t, 'docs', 'promteus')
  assert.equal(wrong.code, 1)
  assert.match(wrong.stderr, /did you mean prometheus\?/)
})

test('ledger says that no agent runs, and where to look', async (t) => {
  const { code, stderr } = await waybill(t, 'ledger', '--data-dir', folder)
  assert.equal(code, 1)
  assert.match(stderr, /no agent runs with the data directory .*; start one with waybill run/)
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  const closed = await waybill(t, 'ledger', '--api', `http://127.0.0.1:${port}`)
  assert.match(closed.stderr, /no agent answers at http:\/\/127\.0\.0\.1:\d+\/api\/v1\/ledger: ECONNREFUSED/)
})

test('the completion scripts complete commands and options', async (t) => {
  const { stdout } = await waybill(t, 'completion', 'bash')
  const script = `${stdout}\ncomplete_words() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _waybill; echo "\${COMPREPLY[*]}"; }\n`
  const completed = (...words: string[]) =>
    execFileSync('bash', ['-c', `${script}complete_words ${words.map((word) => `'${word}'`).join(' ')}`], { encoding: 'utf8' }).trim()
  assert.equal(completed('waybill', 'le'), 'ledger')
  assert.equal(completed('waybill', 'run', '--da'), '--data-dir')
  for (const shell of ['zsh', 'fish']) assert.match((await waybill(t, 'completion', shell)).stdout, /ledger/)
})

test('a reader that closes early is no error', () => {
  const command = `"${process.execPath}" "${join(import.meta.dirname, '../bin/waybill')}" docs prometheus | head -1; echo "\${PIPESTATUS[0]}"`
  assert.match(execFileSync('bash', ['-c', command], { encoding: 'utf8' }), /\n0\n$/)
})
