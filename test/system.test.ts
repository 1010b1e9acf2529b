/** `waybill system` as a process: its outputs, and how it ends. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { folderFor, inShell, runSystem, startSystem } from './system.fixture.ts'

const often = ['--refresh-ms', '100']
const briefly = [...often, '--for', '800ms']

/** The rows of a CSV without quotes, the header first. */
const rowsOf = (text: string): readonly (readonly string[])[] =>
  text
    .split('\r\n')
    .slice(0, -1)
    .map((line) => line.split(','))

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8')

suite('waybill system', { concurrency: 4 }, () => {
  test('002-29 its help has a group of options for each output, with the defaults', async (t) => {
    const { stdout } = await runSystem(['--help'], { cwd: folderFor(t) })
    const groups = stdout.split(/^(?=\S.*:$)/m).map((group) => group.replaceAll(/\s+/g, ' '))
    for (const [title, ...words] of [
      [
        'Outputs:',
        '--output <outputs> terminal, csv, json, influxdb, prometheus',
        '(default: cubestat.csv, cubestat.json)',
        '--append-output',
      ],
      ['Prometheus:', '--prometheus-port <port> the port to be scraped at; given, it is an output (default: 9090)', '"127.0.0.1"'],
      ['InfluxDB:', '(default: "http://localhost:8086")', '(default: "cubestat")', '--influxdb-pass <password>'],
      ['Terminal view, where it is shown:', '--view <view>', '--buffer-size <samples>'],
    ]) {
      const group = groups.find((text) => text.startsWith(title!))
      for (const word of words) assert.ok(group?.includes(word), `${title} ${word}`)
    }
    assert.doesNotMatch(stdout, /refresh_ms/)
  })

  test('002-24 002-25 002-30 csv and json go to cubestat.csv and cubestat.json, a row and an element for each sample', async (t) => {
    const cwd = folderFor(t)
    const { code, stdout, stderr } = await runSystem([...briefly, '--output', 'csv, json'], { cwd })
    assert.deepEqual([code, stdout], [0, ''], stderr)
    assert.deepEqual(readdirSync(cwd).sort(), ['cubestat.csv', 'cubestat.json'])
    const [header, ...rows] = rowsOf(read(cwd, 'cubestat.csv'))
    assert.deepEqual(header, ['timestamp', ...header!.slice(1).sort()])
    assert.ok(header!.includes('cpu.cpu.0.total.utilization.percent'))
    assert.ok(rows.length >= 2 && rows.every((row) => row.length === header!.length))
    const elements = JSON.parse(read(cwd, 'cubestat.json')) as { time: string; metrics: Record<string, number> }[]
    assert.deepEqual(
      elements.map(({ time }) => time),
      rows.map(([time]) => time),
    )
    const last = Object.entries(elements.at(-1)!.metrics).map(([name, value]) => [name, String(value)])
    assert.deepEqual(Object.fromEntries(last), Object.fromEntries(header!.slice(1).map((name, i) => [name, rows.at(-1)![i + 1]])))
    assert.match(read(cwd, 'cubestat.json'), /^\[\n {2}\{\n {4}"timestamp"/)
  })

  test('002-24 in a pipe it is long CSV to standard output, and nothing else', async (t) => {
    const cwd = folderFor(t)
    const ways = [[], ['--csv'], ['--output', 'csv', '--output-file', '-']]
    for (const { code, stdout, stderr } of await Promise.all(ways.map((args) => runSystem([...briefly, ...args], { cwd })))) {
      assert.deepEqual([code, stderr.replace(/^\d+ samples were not taken.*\n/, '')], [0, ''])
      const [header, ...rows] = rowsOf(stdout)
      assert.deepEqual(header, ['timestamp', 'metric', 'value'])
      const times = [...new Set(rows.map(([time]) => time!))]
      assert.ok(times.length >= 2 && times.every((time) => /^\d{10}\.\d{6}$/.test(time)))
      const names = rows.flatMap(([time, name]) => (time === times[1] ? [name!] : []))
      assert.deepEqual(names, names.toSorted())
    }
    assert.deepEqual(readdirSync(cwd), [])
  })

  test('002-26 --append-output writes on, without it the file is replaced; another header is refused with the difference', async (t) => {
    const cwd = folderFor(t)
    const monitor = (...args: string[]) => runSystem([...often, '--for', '200ms', '--output', 'csv', ...args], { cwd })
    const times = () =>
      rowsOf(read(cwd, 'cubestat.csv'))
        .slice(1)
        .map(([time]) => time)
    await monitor()
    const first = times()
    assert.equal((await monitor('--append-output')).code, 0)
    const both = times()
    assert.deepEqual(both.slice(0, first.length), first)
    assert.ok(both.length > first.length)
    await monitor()
    assert.ok(times()[0]! > both.at(-1)!)
    writeFileSync(join(cwd, 'other.csv'), 'timestamp,humidity\r\n2026-01-01T00:00:00.000Z,40\r\n')
    const { code, stderr } = await monitor('--append-output', '--output-file', 'other.csv')
    assert.equal(code, 3)
    assert.match(stderr, /cannot append to \S+other\.csv, which has other columns: it has no cpu.*, and it has humidity besides/)
    assert.equal(read(cwd, 'other.csv'), 'timestamp,humidity\r\n2026-01-01T00:00:00.000Z,40\r\n')
    const letters = /what was not delivered is in (.+)/.exec(stderr)![1]!
    assert.match(readdirSync(letters).join(), /jsonl/)
  })

  test('002-28 Prometheus at the port and address given, beside JSON for programs; 002-32 several outputs at once', async (t) => {
    const args = [...often, '--prometheus-port', '0', '--prometheus-address', '127.0.0.2', '--http-port', '0', '--output', 'csv']
    const system = startSystem(t, args, { cwd: folderFor(t) })
    const [scraped, asked] = [await system.address('prometheus'), await system.address('http')]
    assert.match(scraped, /^http:\/\/127\.0\.0\.2:\d+\/metrics$/)
    await system.until(async () => /^cubestat_cpu_cpu_0_total_utilization_percent /m.exec(await (await fetch(scraped)).text()) ?? undefined)
    const { metrics } = (await (await fetch(asked)).json()) as { metrics: Record<string, Record<string, unknown>> }
    assert.ok('RAM used %' in metrics.ram!)
    system.signal('SIGTERM')
    assert.equal(await system.exited, 0)
    assert.match(system.stderr(), /^csv: [\d,]+ values → .*cubestat\.csv$/m)
  })

  test('002-36 --naming otel names metrics after OpenTelemetry, in every output', async (t) => {
    const cwd = folderFor(t)
    assert.equal((await runSystem([...briefly, '--naming', 'otel', '--output', 'csv'], { cwd })).code, 0)
    assert.match(read(cwd, 'cubestat.csv'), /^timestamp,.*system\.memory\.usage\{system\.memory\.state=used\}/)
  })

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    test(`002-31 ${signal} ends it: what was measured is written, nothing is left running or lying about`, async (t) => {
      const cwd = folderFor(t)
      const system = startSystem(t, [...often, '--output', 'json', '--prometheus-port', '0'], { cwd })
      const address = await system.address('prometheus')
      await system.until(() => (existsSync(join(cwd, 'cubestat.json')) ? true : undefined))
      system.signal(signal)
      assert.equal(await system.exited, 0, system.stderr())
      const elements = JSON.parse(read(cwd, 'cubestat.json')) as { metrics: object }[]
      const values = elements.reduce((sum, { metrics }) => sum + Object.keys(metrics).length, 0)
      assert.match(system.stderr(), new RegExp(`^json: ${values.toLocaleString('en-US')} values`, 'm'))
      assert.deepEqual(readdirSync(cwd), ['cubestat.json'])
      await assert.rejects(fetch(address))
    })

  test('002-31 a reader that has seen enough ends it, without a word and with 0', (t) => {
    const folder = folderFor(t)
    const printed = inShell('waybill system --refresh-ms 50 | head -3; echo "${PIPESTATUS[0]}"', folder)
    // A machine with too much to do skips samples, which is told whoever reads.
    assert.match(printed, /^timestamp,metric,value\r\n\S+\r\n\S+\r\n(\d+ samples were not taken, .*\n)?0\n$/)
    assert.deepEqual(readdirSync(folder), [])
  })

  test('002-35 a reader that does not read delays neither the other outputs nor the end', async (t) => {
    const args = [
      '--refresh-ms',
      '10',
      '--for',
      '2s',
      '--naming',
      'otel',
      '--output',
      'csv,prometheus',
      '--output-file',
      '-',
      '--prometheus-port',
      '0',
    ]
    const system = startSystem(t, args, { cwd: folderFor(t), unread: true })
    await system.until(() => /^stdout: [\d,]+ values were not delivered$/m.exec(system.stderr()) ?? undefined)
    const scraped = Number(/^prometheus: ([\d,]+) values/m.exec(system.stderr())![1]!.replaceAll(',', ''))
    system.read()
    assert.equal(await system.exited, 3)
    const printed = system.stdout().split('\r\n').length - 2
    assert.ok(printed < scraped, `${printed} of ${scraped}`)
  })

  test('002-33 a full disk is told, with where the rest is', { skip: !existsSync('/dev/full') }, (t) => {
    const printed = inShell('waybill system > /dev/full; echo "code $?"', folderFor(t))
    assert.match(printed, /what was not delivered is in \S+\ncannot write to standard output: ENOSPC.*\ncode 1\n$/)
  })

  test('002-33 what cannot begin is told in one line, and nothing runs on', async (t) => {
    const cwd = folderFor(t)
    const first = startSystem(t, ['--prometheus-port', '0', '--http-port', '0'], { cwd })
    writeFileSync(join(cwd, 'cubestat.json'), '{"not": "an array"}')
    const ports = await Promise.all(['prometheus', 'http'].map(async (output) => new URL(await first.address(output)).port))
    for (const [args, words] of [
      [['--output', 'csv', '--output-file', cwd], /^csv: cannot write to .*; choose another --output-file\n$/],
      [['--prometheus-port', ports[0]!], /^prometheus: cannot listen .*; choose another --prometheus-port or --prometheus-address\n$/],
      [['--http-port', ports[1]!], /^cannot listen .*\n$/],
      [['--output', 'json', '--append-output'], /^json: cannot append to .*; choose another --output-file\n$/],
    ] as const) {
      const { code, stderr } = await runSystem([...args], { cwd })
      assert.equal(code, 1)
      assert.match(stderr, words)
    }
    assert.equal(read(cwd, 'cubestat.json'), '{"not": "an array"}')
  })
})
