/** `waybill system` in a real terminal: tmux. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { folderFor } from '../system.fixture.ts'

const run = promisify(execFile)
const waybill = [process.execPath, fileURLToPath(new URL('../../bin/waybill', import.meta.url)), 'system'].join(' ')

test('002-32 80x24: the view beside CSV and Prometheus; after q the terminal is as it was, and the file is whole', async (t) => {
  const screen = await open(t, [
    'stty -a >before',
    `${waybill} --refresh-ms 100 --output terminal,csv --prometheus-port 0 --http-port 0; echo "code $?"`,
    'stty -a >after',
  ])
  const whole =
    /^╔ \[\d+\] Cpu total CPU util %\.+ *[\d ]+%\| ╗\n[\s\S]* books balance {2}csv [\d,]+ {2}prometheus :\d+ [\d,]+ {2}http :\d+/
  const rows = await screen.until((text) => (whole.test(text) ? text.split('\n') : undefined))
  assert.equal(rows.length, 24)
  const port = /http :(\d+)/.exec(rows.at(-1)!)![1]
  const { metadata } = (await (await fetch(`http://127.0.0.1:${port}/metrics`)).json()) as { metadata: object }
  assert.deepEqual(metadata, { refresh_ms: 100 })
  await screen.type('q')
  const left = await screen.until((text) => (text.includes('code 0') ? text.trim().split('\n') : undefined))
  const values = /^csv: ([\d,]+) values/.exec(left.join('\n').slice(left.join('\n').indexOf('csv:')))![1]!.replace(',', '')
  const lines = readFileSync(join(screen.folder, 'cubestat.csv'), 'utf8').split('\r\n').slice(0, -1)
  const filled = lines.slice(1).flatMap((line) => line.split(',').slice(1).filter(Boolean)).length
  assert.equal(filled, Number(values))
  assert.equal(await screen.tell('#{alternate_on} #{cursor_flag} #{wrap_flag}'), '0 1 1')
  assert.equal(readFileSync(join(screen.folder, 'after'), 'utf8'), readFileSync(join(screen.folder, 'before'), 'utf8'))
})

test('002-33 what is logged while the view is shown waits for its end', async (t) => {
  const screen = await open(t, [`${waybill} --refresh-ms 100 --output terminal,influxdb --influxdb-url http://127.0.0.1:1; echo "code $?"`])
  const shown = await screen.until((text) => (/influxdb 0, [\d,]+ wait: cannot send to http/.test(text) ? text : undefined))
  assert.doesNotMatch(shown, /WARN|ERROR/)
  await screen.type('C-c')
  const left = await screen.until((text) => (text.includes('code 3') ? text.replaceAll('\n', '') : undefined))
  assert.match(left, /WARN.*influxdb: [\d,]+ values were not delivered.*what was not delivered is in/)
})

test('a recording is replayed, and a file that is none never takes the terminal', async (t) => {
  const screen = await open(t, [
    `${waybill} --refresh-ms 100 --for 1s --output csv >/dev/null 2>&1`,
    `${waybill} --replay cubestat.csv --speed 3; echo "code $?"`,
    `${waybill} --replay before.csv; echo "code $?"`,
  ])
  await screen.until((text) => (/^ replay of cubestat\.csv: the end .*Update every 33ms/m.test(text) ? true : undefined))
  await screen.type('q')
  const left = await screen.until((text) => (text.includes('code 1') ? text : undefined))
  assert.match(left, /^code 0\ncannot read before\.csv \(ENOENT\)/)
})

interface Screen {
  readonly folder: string
  /** Resolves to what `look` finds in the text on the screen. */
  until<V>(look: (text: string) => V | undefined): Promise<V>
  type(key: string): Promise<unknown>
  /** A format of tmux, filled in. */
  tell(format: string): Promise<string>
}

/** A window of 80 columns and 24 rows in which these commands run, in a folder of their own. */
async function open(t: TestContext, commands: readonly string[]): Promise<Screen> {
  // Ended before its folder is removed: what is to be done after a test is done in the order of these lines.
  t.after(() => tmux('kill-server').catch(() => {}))
  const folder = folderFor(t)
  const { NO_COLOR, FORCE_COLOR, ...env } = process.env
  const options = { cwd: folder, env: { ...env, LC_ALL: 'C.UTF-8', TMPDIR: folder } }
  async function tmux(...args: readonly string[]): Promise<string> {
    const { stdout } = await run('tmux', ['-u', '-S', join(folder, 'tmux'), '-f', '/dev/null', ...args], options)
    return stdout
  }
  await tmux('new-session', '-d', '-x', '80', '-y', '24', [...commands, 'exec cat'].join('; '))
  await tmux('set-option', 'status', 'off')
  return {
    folder,
    async until(look) {
      for (const deadline = Date.now() + 30_000; ; await pause(50)) {
        const text = (await tmux('capture-pane', '-p')).trimEnd()
        const found = look(text)
        if (found !== undefined) return found
        if (Date.now() > deadline) throw new Error(`it has not come to pass within 30 s; there is:\n${text}`)
      }
    },
    type: (key) => tmux('send-keys', key),
    tell: async (format) => (await tmux('display-message', '-p', format)).trim(),
  }
}
