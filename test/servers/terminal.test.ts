/** The terminal view, seen by a real terminal: tmux. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { draw, type Scene } from '../../src/dashboard/draw.ts'
import type { Grid, Size } from '../../src/dashboard/grid.ts'
import { picture, press, recordedScene, recordingPath } from '../../src/dashboard/scene.fixture.ts'
import { VirtualTerminal } from '../../src/dashboard/virtual-terminal.fixture.ts'

const run = promisify(execFile)
const demo = [process.execPath, fileURLToPath(new URL('terminal-demo.ts', import.meta.url)), fileURLToPath(recordingPath)]
const recorded = await recordedScene()
let folder: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-terminal-'))
  // Else it ends with each window, and the next comes to one that is ending.
  await tmux('start-server', ';', 'set-option', '-s', 'exit-empty', 'off')
})

after(async () => {
  await tmux('kill-server').catch(() => {})
  await rm(folder, { recursive: true, force: true })
})

for (const size of [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 40, rows: 12 },
]) {
  test(`002-32 ${size.columns}x${size.rows}: what tmux shows is what was drawn, text and colours`, async () => {
    const screen = await open(size, demo.join(' '))
    let scene = recorded
    await screen.shows(size, scene)
    for (const keys of [['v'], ['g'], ['Left', 'Left', 'Left'], ['Down', 'Down'], ['t'], ['?'], ['?', '0', 'V', 'c']]) {
      await screen.type(...keys)
      scene = press(
        scene,
        size,
        keys.map((key) => (key.length > 1 ? key.toLowerCase() : key)),
      )
      await screen.shows(size, scene)
    }
    await screen.close()
  })
}

test('scrolled to both ends, and resized to one cell and back', async () => {
  const size = { columns: 80, rows: 24 }
  const screen = await open(size, demo.join(' '))
  await screen.shows(size, recorded)
  await screen.type('-N', '250', 'Left')
  await screen.type('-N', '30', 'Down')
  let scene = press(recorded, size, [...Array(250).fill('left'), ...Array(30).fill('down')])
  await screen.shows(size, scene)
  for (const other of [
    { columns: 1, rows: 1 },
    { columns: 200, rows: 2 },
    { columns: 3, rows: 50 },
    { columns: 80, rows: 24 },
  ]) {
    await screen.resize(other)
    scene = press(scene, other, ['no key'])
    await screen.shows(other, scene)
  }
  await screen.type('-N', '250', 'Right')
  await screen.type('-N', '30', 'Up')
  await screen.shows(size, recorded)
  await screen.close()
})

for (const [how, end] of [
  ['q', (screen) => screen.type('q')],
  ['Ctrl-C', (screen) => screen.type('C-c')],
  ['SIGTERM', (screen) => screen.kill('SIGTERM')],
  ['SIGHUP', (screen) => screen.kill('SIGHUP')],
  ['an exception', (screen) => screen.type('!')],
] as readonly (readonly [string, (screen: Screen) => Promise<unknown>])[]) {
  test(`002-31 after ${how} the terminal is as it was`, async () => {
    const size = { columns: 80, rows: 24 }
    const settings = (name: string) => join(folder, `${how}-${name}`.replaceAll(' ', '-'))
    const script = [
      'printf "before\\n"',
      `stty -a >${settings('before')}`,
      `${demo.join(' ')} Infinity throw 2>${settings('errors')}`,
      `stty -a >${settings('after')}`,
      'printf "after\\n"',
      'exec cat',
    ].join('; ')
    const screen = await open(size, script)
    await screen.shows(size, recorded)
    assert.equal(await screen.tell('#{alternate_on} #{cursor_flag} #{wrap_flag}'), '1 0 0')
    await end(screen)
    await until(async () => (await screen.text()).trim() === 'before\nafter')
    assert.equal(await screen.tell('#{alternate_on} #{cursor_flag} #{wrap_flag} #{cursor_x},#{cursor_y}'), '0 1 1 0,2')
    assert.equal(await readFile(settings('after'), 'utf8'), await readFile(settings('before'), 'utf8'))
    assert.match(await readFile(settings('errors'), 'utf8'), how === 'an exception' ? /thrown by the demo/ : /^$/)
    await screen.close()
  })
}

test('Ctrl-Z gives the terminal to the shell, and fg takes it again', async () => {
  const size = { columns: 80, rows: 24 }
  const screen = await open(size, 'PS1="prompt " exec bash --norc --noprofile -i')
  await until(async () => (await screen.text()).includes('prompt'))
  await screen.type(demo.join(' '), 'Enter')
  await screen.shows(size, recorded)
  await screen.type('C-z')
  await until(async () => (await screen.text()).includes('Stopped') && (await screen.tell('#{alternate_on} #{cursor_flag}')) === '0 1')
  await screen.type('fg', 'Enter')
  await screen.shows(size, recorded)
  await screen.type('v')
  await screen.shows(size, press(recorded, size, ['v']))
  await screen.type('q')
  await until(async () => (await screen.tell('#{alternate_on}')) === '0')
  await screen.close()
})

interface Screen {
  /** Resolves when it shows that; fails with both pictures when it does not within a while. */
  shows(size: Size, scene: Scene): Promise<void>
  text(): Promise<string>
  /** Keys as tmux names them. */
  type(...keys: readonly string[]): Promise<void>
  resize(size: Size): Promise<void>
  /** A format of tmux, filled in. */
  tell(format: string): Promise<string>
  /** To the program that runs in it. */
  kill(signal: NodeJS.Signals): Promise<void>
  close(): Promise<void>
}

/** A new window with a command for the shell. */
async function open({ columns, rows }: Size, command: string): Promise<Screen> {
  const id = (await tmux('new-session', '-d', '-P', '-F', '#{session_id}', '-x', `${columns}`, '-y', `${rows}`, command)).trim()
  const target = ['-t', `${id}:`]
  await tmux('set-option', ...target, 'status', 'off')
  await tmux('resize-window', ...target, '-x', `${columns}`, '-y', `${rows}`)
  const text = () => tmux('capture-pane', ...target, '-p')
  const tell = async (format: string) => (await tmux('display-message', ...target, '-p', format)).trim()
  return {
    text,
    tell,
    async shows(size, scene) {
      const expected = picture(draw(scene, size))
      let seen = ''
      await until(async () => {
        seen = picture(gridOf(await tmux('capture-pane', ...target, '-p', '-e', '-N'), size))
        return seen === expected
      }).catch(() => assert.equal(seen, expected))
    },
    type: async (...keys) => void (await tmux('send-keys', ...target, ...keys)),
    resize: async ({ columns, rows }) => void (await tmux('resize-window', ...target, '-x', `${columns}`, '-y', `${rows}`)),
    async kill(signal) {
      const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', await tell('#{pane_pid}')])
      process.kill(Number(stdout), signal)
    },
    close: async () => void (await tmux('kill-session', ...target)),
  }
}

/** A server of its own, without anybody's settings. */
async function tmux(...args: readonly string[]): Promise<string> {
  const { NO_COLOR, FORCE_COLOR, ...env } = process.env
  const { stdout } = await run('tmux', ['-u', '-S', join(folder, 'tmux'), '-f', '/dev/null', ...args], {
    env: { ...env, LC_ALL: 'C.UTF-8' },
  })
  return stdout
}

/** What tmux captured, as cells. */
function gridOf(captured: string, size: Size): Grid {
  const terminal = new VirtualTerminal(size)
  terminal.write(captured)
  return terminal.grid
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await condition()); await pause(50))
    if (Date.now() > deadline) assert.fail('it did not come to pass within 20 s')
}
