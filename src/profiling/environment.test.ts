import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { Environment } from './environment.ts'

const read = (env: Record<string, string>, ...prefixes: string[]) => new Environment(prefixes.length > 0 ? prefixes : ['APP'], { env })

test('003-05 F3 names are the prefix and the field in capitals; an empty variable is not set', () => {
  const env = read({ APP_BATCH_SIZE: '5', APP_NAME: '' })
  assert.deepEqual([env.number('batchSize'), env.number('batch_size'), env.text('name'), env.text('other')], [5, 5, undefined, undefined])
  assert.equal(env.variable('flushInterval'), 'APP_FLUSH_INTERVAL')
})

test('F19 of several prefixes the first that has the variable wins', () => {
  const env = read({ B_X: 'b', A_X: 'a', B_Y: 'b' }, 'A', 'B')
  assert.deepEqual([env.text('x'), env.text('y'), env.variable('y'), env.variable('z')], ['a', 'b', 'B_Y', 'A_Z'])
})

test('003-05 booleans are lenient, lists have commas, dictionaries name=value', () => {
  for (const value of ['true', 'YES', ' 1 ', 'On']) assert.equal(read({ APP_X: value }).boolean('x'), true)
  for (const value of ['false', 'y', '2', 'enabled']) assert.equal(read({ APP_X: value }).boolean('x'), false)
  assert.equal(read({}).boolean('x'), undefined)
  assert.deepEqual(read({ APP_X: 'a, b,,c ' }).list('x'), ['a', 'b', 'c'])
  assert.deepEqual(read({ APP_X: 'a=1, b = x=y ,c=' }).dictionary('x'), { a: '1', b: 'x=y', c: '' })
  assert.throws(() => read({ APP_X: 'a=1,hidden' }).dictionary('x'), {
    code: 'INVALID_OPTION',
    message: /^the environment variable APP_X is not a list/,
  })
})

test('durations: seconds by the name, or a unit in the value', () => {
  assert.equal(read({ APP_X_SECONDS: '1.5' }).duration('x'), '1.5s')
  assert.equal(read({ APP_X: '10m' }).duration('x'), '10m')
  assert.throws(() => read({ APP_X_SECONDS: 'soon' }).duration('x'), { message: 'the environment variable APP_X_SECONDS is not a number' })
})

test('003-05 003-57 a value can stand in a file; one that is empty or not there is an error with the variable and the file', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = (name: string) => join(folder, name)
  writeFileSync(file('key of mine'), ' k3y\n')
  writeFileSync(file('empty'), '\n')
  const at = (name: string) => read({ APP_API_KEY: pathToFileURL(file(name)).href })
  assert.equal(at('key of mine').text('api_key'), 'k3y')
  assert.throws(() => at('empty').text('apiKey'), {
    code: 'CONFIG_UNREADABLE_SECRET',
    message: `the file ${file('empty')} that APP_API_KEY names is empty`,
  })
  assert.throws(() => at('gone').text('apiKey'), { code: 'CONFIG_UNREADABLE_SECRET', message: /gone that APP_API_KEY names \(ENOENT\)/ })
  assert.throws(() => read({ APP_X: 'file://host/x' }).text('x'), { code: 'CONFIG_UNREADABLE_SECRET', message: /APP_X/ })
})

test('003-05 F3 a required variable that is missing is named', () => {
  assert.equal(read({ APP_X: 'a' }).required('x'), 'a')
  assert.throws(() => read({ APP_X: '' }).required('x'), {
    code: 'CONFIG_UNDEFINED_VARIABLE',
    message: 'the environment variable APP_X is not set',
  })
})
