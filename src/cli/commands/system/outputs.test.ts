import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WaybillError } from '../../../core/errors.ts'
import { parsed } from './options.fixture.ts'
import { outputsOf } from './outputs.ts'

/** `terminal csv=cubestat.csv`, for standard output `csv=-`. */
async function chosen(args: string, { isTerminal = true } = {}): Promise<string> {
  const { names, files, stdout } = outputsOf(await parsed(args), isTerminal)
  return [...names].map((name) => (files.has(name) ? `${name}=${files.get(name)}` : name === 'csv' && stdout ? 'csv=-' : name)).join(' ')
}

test('002-24 002-25 outputs and their files, on a terminal and in a pipe', async () => {
  for (const [args, onTerminal, inPipe] of [
    ['', 'terminal', 'csv=-'],
    ['--csv', 'csv=-', 'csv=-'],
    ['--output csv', 'csv=cubestat.csv', 'csv=cubestat.csv'],
    ['--output json,influxdb --output prometheus', 'json=cubestat.json influxdb prometheus', 'json=cubestat.json influxdb prometheus'],
    ['--output csv --output-file -', 'csv=-', 'csv=-'],
    ['--output json,csv --output-file a --output-file b', 'json=a csv=b', 'json=a csv=b'],
    ['--output csv,csv --output-file=a', 'csv=a', 'csv=a'],
    ['--prometheus-port 1', 'prometheus terminal', 'prometheus'],
    ['--prometheus-port 1 --output csv', 'csv=cubestat.csv prometheus', 'csv=cubestat.csv prometheus'],
    ['--http-port 1', 'terminal', ''],
    ['--csv-format long', undefined, 'csv=-'],
  ] as const) {
    if (onTerminal !== undefined) assert.equal(await chosen(args), onTerminal, args)
    assert.equal(await chosen(args, { isTerminal: false }), inPipe, args)
  }
  assert.equal(await chosen('--output terminal,csv'), 'terminal csv=cubestat.csv')
})

test('002-33 what makes no sense is told', async () => {
  for (const [args, words] of [
    ['--output-file a', /--output-file is for --output csv or json, which is not given/],
    ['--output influxdb --append-output', /--append-output is for --output csv or json/],
    ['--output json --csv-format wide', /--csv-format is for --output csv/],
    ['--influxdb-url http://a', /--influxdb-url is for --output influxdb/],
    ['--prometheus-address ::1', /--prometheus-address is for --output prometheus/],
    ['--http-host ::1', /--http-host is for --http-port/],
    ['--speed 2', /--speed is for --replay/],
    ['--output csv --output-file a --output-file b', /--output-file is given more often than there are files: a,b/],
    ['--output csv,json --output-file a --output-file a', /csv and json would both go to a/],
    ['--output csv --output-file=', /--output-file is empty/],
    ['--output json --output-file -', /JSON needs a file/],
    ['--output terminal,csv --output-file -', /terminal view and CSV at once/],
    ['--output csv --output-file - --csv-format wide', /--csv-format wide needs a file/],
    ['--output csv --output-file - --append-output', /--append-output needs a file/],
  ] as const)
    await assert.rejects(
      async () => outputsOf(await parsed(args), true),
      (error) => error instanceof WaybillError && error.code === 'INVALID_OPTION' && words.test(error.message),
      args,
    )
  assert.throws(() => outputsOf({ given: new Set(), output: ['terminal'] } as never, false), /standard output is not a terminal/)
  await assert.rejects(parsed('--output csv,xml'), /Allowed choices are terminal, csv, json, influxdb, prometheus/)
})
