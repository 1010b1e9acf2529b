import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Point, series } from '../sdk.ts'
import { Dashboard, type DashboardOptions } from './dashboard.ts'
import { FakeTerminal, settled } from './fake-terminal.fixture.ts'

const size = { columns: 60, rows: 10 }

/** A dashboard that runs on a terminal without a device. */
function run(context: TestContext, { fake = new FakeTerminal(size), ...options }: DashboardOptions & { fake?: FakeTerminal } = {}) {
  const dashboard = new Dashboard({ ...options, terminal: fake.options })
  const over = new AbortController()
  const running = dashboard.run(over.signal)
  context.after(() => over.abort())
  return { fake, dashboard, over, running }
}

const points = (timeMs: number, values: Readonly<Record<string, number>>): readonly Point[] =>
  Object.entries(values).map(([name, value]) => ({ series: series(name), timeMs, value }))

const memory = (percent: number) => ({ 'memory.system.total.used.percent': percent })

test('002-30 a sample is stored and drawn: it is on the screen when it has come', async (context) => {
  const { fake, dashboard } = run(context)
  await settled()
  assert.match(fake.lines()[0]!, /^ Waiting for the first sample/)
  dashboard.update(points(1000, memory(25)), 1000)
  dashboard.status({ exports: [{ name: 'csv', delivered: 1, pending: 0, deadLettered: 0 }], balanced: true })
  await settled()
  assert.deepEqual(
    fake.lines().map((line) => line.trimEnd()),
    [
      `╔ RAM used %${'.'.repeat(41)} 25%| ╗`,
      `╚${' '.repeat(56)}▆ ╝`,
      '╚ ........-40.00s|............-20.00s|.............-0.00s| ╝',
      ...Array(6).fill(''),
      ' books balance  csv 1          ?: help  Update every 1000ms',
    ],
  )
})

test('002-32 all that changes at once is one frame', async (context) => {
  const { fake, dashboard } = run(context)
  await settled()
  const before = fake.writes.length
  dashboard.update(points(1000, memory(25)), 1000)
  dashboard.status({ balanced: true })
  dashboard.press('v')
  await settled()
  assert.equal(fake.writes.length, before + 1)
})

test('what has no number, and names without a chart, are passed over', () => {
  const dashboard = new Dashboard({ terminal: new FakeTerminal(size).options })
  const histogram = { count: 1, bounds: [], counts: [1] }
  dashboard.update([...points(1, { other: 3, ...memory(Number.NaN) }), { series: series('h'), timeMs: 1, value: histogram }], 1)
  assert.match(dashboard.frame().line(0), /^ Nothing to show yet/)
  dashboard.update(new Map(Object.entries(memory(7))), 2)
  assert.match(dashboard.frame().line(0), / {2}7%\| ╗$/)
})

test('a GPU, which is measured less often, keeps its value for the samples between', () => {
  const dashboard = new Dashboard({ terminal: new FakeTerminal(size).options })
  dashboard.update(new Map([['gpu.nvidia.0.utilization.percent', 40]]), 0)
  for (const second of [5, 10, 15]) dashboard.update(new Map(), second * 1000)
  assert.match(dashboard.frame().line(0), / 40%\| ╗$/)
  dashboard.update(new Map(), 16_000)
  assert.match(dashboard.frame().line(0), /\.\. ╗$/)
})

test('while it is scrolled back the picture stands still, until 0', () => {
  const dashboard = new Dashboard({ terminal: new FakeTerminal(size).options, bufferSize: 5 })
  const shown = () => / *(\d+)%\|/.exec(dashboard.frame().line(0))?.[1]
  const update = (value: number) => dashboard.update(points(value * 1000, memory(value)), value * 1000)
  for (const value of [1, 2, 3]) update(value)
  dashboard.press('left')
  for (const value of [4, 5, 6]) {
    update(value)
    assert.equal(shown(), '2')
  }
  for (const [value, oldest] of [
    [7, '3'],
    [8, '4'],
  ] as const) {
    update(value)
    assert.equal(shown(), oldest, 'what is no longer kept cannot be shown')
  }
  dashboard.press('0')
  assert.equal(shown(), '8')
})

test('002-36 options say how it is shown at first', () => {
  const sample = points(1000, { ...memory(25), 'memory.system.mapped.bytes': 1, 'disk.total.read.bytes_per_sec': 5 })
  const text = (options: DashboardOptions) => {
    const dashboard = new Dashboard({ ...options, terminal: new FakeTerminal(size).options })
    dashboard.update(sample, 1000)
    return Array.from({ length: size.rows }, (_, row) => dashboard.frame().line(row)).join('\n')
  }
  assert.match(text({}), /disk read.*RAM used %.*RAM mapped.*-0.00s/s)
  assert.doesNotMatch(text({ disk: 'hide', memory: 'percent' }), /disk|mapped/)
  assert.doesNotMatch(text({ view: 'off' }), /-0.00s|25%/)
  assert.match(text({ refreshMs: 100 }), /-2.00s.*Update every 100ms/s)
})

test('002-36 many cores are shown as their mean, unless one asks for more', () => {
  const cores = Array.from({ length: 24 }, (_, core) => `cpu.cpu.0.core.${core}.utilization.percent`)
  const sample = points(1000, Object.fromEntries([...cores, 'cpu.cpu.0.total.utilization.percent'].map((name) => [name, 50])))
  const second = (options: DashboardOptions, ...keys: string[]) => {
    const dashboard = new Dashboard({ ...options, terminal: new FakeTerminal(size).options })
    for (const sampleNumber of [0, 1]) {
      dashboard.update(sample, sampleNumber)
      for (const key of sampleNumber === 0 ? keys : []) dashboard.press(key)
    }
    return dashboard.frame().line(2).trim()
  }
  assert.match(second({}), /^╚/)
  assert.match(second({ cpu: 'all' }), /^╔ Cpu CPU 0/)
  assert.match(second({}, 'c'), /^╔ Cpu CPU 1/)
})

for (const [how, end] of [
  ['q', ({ fake }) => fake.type('q')],
  ['Q', ({ fake }) => fake.type('Q')],
  ['Ctrl-C', ({ fake }) => fake.type('\u0003')],
  ['SIGTERM', async () => void process.emit('SIGTERM')],
  ['SIGHUP', async () => void process.emit('SIGHUP')],
  ['the abort of its signal', async ({ over }) => over.abort()],
  ['a terminal that is gone', ({ fake }) => fake.hangUp()],
] as readonly (readonly [string, (running: ReturnType<typeof run>) => Promise<void>])[]) {
  test(`002-31 ${how} ends it, and the terminal is as it was`, async (context) => {
    const signals = () => (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGCONT'] as const).map((name) => process.listenerCount(name))
    const before = signals()
    const running = run(context)
    await end(running)
    await running.running
    await settled()
    assert.match(running.fake.writes.at(-1)!, /\?1049l$/)
    assert.deepEqual(running.fake.calls, ['raw', 'cooked'])
    assert.equal(running.fake.listeners, 0)
    assert.deepEqual(signals(), before)
    running.dashboard.update(points(1, memory(1)), 1)
    await settled()
    assert.match(running.fake.writes.at(-1)!, /\?1049l$/)
  })
}

test('it can run again, and not at all when its signal is aborted already', async (context) => {
  const { fake, dashboard, over, running } = run(context)
  over.abort()
  await running
  await dashboard.run(over.signal)
  assert.equal(fake.writes.filter((text) => text.includes('?1049h')).length, 1)
  const again = dashboard.run(new AbortController().signal)
  await fake.type('q')
  await again
  assert.equal(fake.writes.filter((text) => text.includes('?1049h')).length, 2)
})

test('down to one cell and back, it is drawn in the size there is', async (context) => {
  const { fake, dashboard } = run(context)
  dashboard.update(points(1000, memory(25)), 1000)
  for (const size of [
    { columns: 1, rows: 1 },
    { columns: 2, rows: 30 },
    { columns: 200, rows: 3 },
    { columns: 40, rows: 12 },
  ]) {
    await fake.resize(size)
    assert.deepEqual(fake.screen.grid, dashboard.frame(size))
  }
})

test('without a terminal it says so', async () => {
  const dashboard = new Dashboard({ terminal: new FakeTerminal(size, { isTerminal: false }).options })
  await assert.rejects(dashboard.run(new AbortController().signal), {
    code: 'INVALID_OPTION',
    message: 'standard output is not a terminal',
  })
})
