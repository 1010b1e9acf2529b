import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { FakeTerminal, settled } from './fake-terminal.fixture.ts'
import { Grid } from './grid.ts'
import { Terminal } from './terminal.ts'

const size = { columns: 10, rows: 2 }

function open(context: TestContext, fake = new FakeTerminal(size)) {
  const terminal = new Terminal(fake.options)
  const told: string[] = []
  terminal.open({ key: (name) => told.push(name), lost: () => told.push('lost'), closed: () => told.push('closed') })
  context.after(() => terminal.close())
  return { fake, terminal, told }
}

function gridOf(text: string): Grid {
  const grid = new Grid(size)
  grid.write(0, 0, text)
  return grid
}

test('002-31 it is taken over as a whole, and given back as it was', async (context) => {
  const exitListeners = process.listenerCount('exit')
  const { fake, terminal } = open(context)
  assert.equal(fake.writes.join(''), '\u001b[?1049h\u001b[?25l\u001b[?7l')
  terminal.close()
  terminal.close()
  assert.equal(fake.writes[1], '\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l')
  assert.equal(fake.writes.length, 2)
  assert.deepEqual(fake.calls, ['raw', 'cooked'])
  assert.equal(fake.listeners, 0)
  assert.equal(process.listenerCount('exit'), exitListeners)
  terminal.draw(gridOf('late'))
  assert.equal(fake.writes.length, 2)
})

test('002-31 it is given back when the process exits for whatever reason', (context) => {
  const { fake } = open(context)
  const [giveBack] = process.listeners('exit').slice(-1) as [() => void]
  giveBack()
  assert.deepEqual(fake.calls, ['raw', 'cooked'])
  assert.match(fake.writes.at(-1)!, /\?1049l$/)
})

test('a frame is one write, between the marks of synchronized output', async (context) => {
  const { fake, terminal } = open(context)
  terminal.draw(gridOf('one'))
  await settled()
  terminal.draw(gridOf('two'))
  assert.deepEqual(fake.writes.slice(2), ['\u001b[?2026h\u001b[1;1H\u001b[0mtwo\u001b[?2026l'])
  assert.equal(fake.lines()[0], 'two       ')
  await settled()
  terminal.draw(gridOf('two'))
  assert.equal(fake.writes.length, 3)
})

test('frames are left out while the terminal has not taken the last; the newest is not', async (context) => {
  const { fake, terminal } = open(context)
  fake.takes = false
  for (const text of ['one', 'two', 'three']) terminal.draw(gridOf(text))
  assert.equal(fake.writes.length, 2)
  await fake.take()
  assert.equal(fake.writes.length, 3)
  assert.equal(fake.lines()[0], 'three     ')
})

test('002-35 a terminal that hangs stops nothing else: writes to it do not wait until it is given back', async (context) => {
  const { fake, terminal } = open(context)
  assert.deepEqual(fake.blocking, [false])
  fake.takes = false
  terminal.close()
  await settled()
  assert.deepEqual(fake.blocking, [false])
  await fake.take()
  assert.deepEqual(fake.blocking, [false, true])
})

test('nor do they when it was given back only for a moment', async (context) => {
  const { fake } = open(context)
  fake.takes = false
  await fake.type('\u001a')
  process.emit('SIGCONT')
  await fake.take()
  assert.deepEqual(fake.blocking, [false, false])
})

test('keys, also several at once, arrows of both kinds, and what is no key', async (context) => {
  const { fake, told } = open(context)
  await fake.type('vV?0 \u001b[A\u001b[B\u001bOC\u001b[Dé日\t\r\u0012')
  assert.deepEqual(told, ['lost', 'v', 'V', '?', '0', ' ', 'up', 'down', 'right', 'left', 'é', '日', 'tab', 'return'])
})

test('a sequence that comes in two pieces is one key', async (context) => {
  const { fake, told } = open(context)
  await fake.type('\u001b')
  await fake.type('[A')
  assert.deepEqual(told, ['lost', 'up'])
})

test('Ctrl-C and a terminal that is gone close it', async (context) => {
  const { fake, told } = open(context)
  await fake.type('\u0003')
  await fake.hangUp()
  assert.deepEqual(told, ['lost', 'closed', 'closed'])
})

test('after a resize all is drawn anew', async (context) => {
  const { fake, terminal, told } = open(context)
  terminal.draw(gridOf('one'))
  await fake.resize(size)
  assert.deepEqual(told, ['lost', 'lost'])
  terminal.draw(gridOf('one'))
  assert.equal(fake.lines()[0], 'one       ')
})

test('Ctrl-Z gives it back, stops the program, and takes it again when it goes on', async (context) => {
  const { fake, terminal, told } = open(context)
  terminal.draw(gridOf('one'))
  await fake.type('\u001a')
  assert.deepEqual(fake.calls, ['raw', 'cooked', 'suspended'])
  assert.deepEqual(fake.screen.modes, new Set([7, 25]))
  process.emit('SIGCONT')
  assert.deepEqual(fake.calls, ['raw', 'cooked', 'suspended', 'raw'])
  assert.deepEqual(told, ['lost', 'lost'])
  terminal.draw(gridOf('two'))
  assert.equal(fake.lines()[0], 'two       ')
})

test('a program that could not be stopped takes it again by itself', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const { fake } = open(context)
  await fake.type('\u001a')
  context.mock.timers.tick(50)
  assert.deepEqual(fake.calls, ['raw', 'cooked', 'suspended', 'raw'])
})

test('when another program had stopped it, its mode is set anew', (context) => {
  const { fake, told } = open(context)
  process.emit('SIGCONT')
  assert.deepEqual(fake.calls, ['raw', 'cooked', 'raw'])
  assert.deepEqual(told, ['lost', 'lost'])
})

test('colours are used where there are 256', () => {
  for (const [colorDepth, colours] of [
    [1, 'none'],
    [4, 'none'],
    [8, 'ansi256'],
    [24, 'ansi256'],
  ] as const)
    assert.equal(new Terminal(new FakeTerminal(size, { colorDepth }).options).colours, colours)
})
