import assert from 'node:assert/strict'
import { test } from 'node:test'
import { duration, secret, size, z } from '../../sdk.ts'
import { check } from './shape.ts'

const told = (schema: z.ZodType, value: unknown) =>
  check(schema, value).problems.map(({ path, message, hint }) => [path.join('.'), message, ...(hint ? [hint] : [])].join(': '))

test('keys are translated from snake_case, but not the names in a record', () => {
  const schema = z.object({
    maxBytes: z.number(),
    labels: z.record(z.string(), z.string()),
    inner: z.array(z.object({ waitTime: duration().prefault('1s') })).default([]),
  })
  assert.deepEqual(check(schema, { max_bytes: 1, labels: { my_label: 'x' }, inner: [{ wait_time: '2s' }, {}] }).value, {
    maxBytes: 1,
    labels: { my_label: 'x' },
    inner: [{ waitTime: 2000 }, { waitTime: 1000 }],
  })
})

test('an unknown key is told with what was meant, camelCase is one', () => {
  assert.deepEqual(told(z.object({ maxBytes: z.number().optional() }), { maxBytes: 1 }), ['maxBytes: unknown key: did you mean max_bytes?'])
})

test('issues are told by the paths of the file', () => {
  const schema = z.object({ outerPart: z.array(z.object({ someNumber: z.number() })) })
  assert.deepEqual(told(schema, { outer_part: [{ some_number: 'x' }, {}] }), [
    'outer_part.0.some_number: expected a number, not text',
    'outer_part.1.some_number: missing; expected a number',
  ])
})

test('bounds are told in words', () => {
  const schema = z.object({ a: z.int().min(1), b: z.number().lt(5), c: z.string().min(2), d: z.array(z.string()).max(1) })
  assert.deepEqual(told(schema, { a: 0, b: 5, c: '', d: ['', ''] }), [
    'a: the number 0 is too small: it must be at least 1',
    'b: the number 5 is too large: it must be less than 5',
    'c: text is too short: it must have at least 2 characters',
    'd: a list is too long: it must have at most 1 items',
  ])
})

test('of a discriminated union the option that is meant', () => {
  const schema = z.discriminatedUnion('type', [
    z.object({ type: z.literal('basic'), userName: z.string() }),
    z.object({ type: z.literal('bearer'), token: secret() }),
  ])
  assert.deepEqual(check(schema, { type: 'basic', user_name: 'x' }).value, { type: 'basic', userName: 'x' })
  assert.deepEqual(told(schema, { type: 'bearer', token: 5 }), ['token: expected text, not the number 5'])
  assert.deepEqual(told(schema, { type: 'beerer' }), ['type: expected basic or bearer, not text: did you mean bearer?'])
  assert.deepEqual(told(schema, {}), ['type: missing; expected basic or bearer'])
  assert.deepEqual(told(schema, { type: 'bearer', tokn: 'x' }), ['tokn: unknown key: did you mean token?', 'token: missing; expected text'])
})

test('a secret that is wrong is not shown', () => {
  const schema = z.object({ key: z.enum(['a', 'b']) })
  assert.ok(!told(schema, { key: 'hunter2' }).join().includes('hunter2'))
})

test('what can be saved of a value with problems is', () => {
  const schema = z.object({ type: z.string(), size: z.number().default(5), list: z.array(z.string()) })
  assert.deepEqual(check(schema, { size: 'x', list: [1, 'a'] }).value, { type: '', size: 5, list: ['', 'a'] })
})

test('003-07 other names, units in the name, and other values under another name', () => {
  const schema = z.object({
    wait: duration()
      .prefault('1s')
      .meta({ aliases: { max_backoff: null } }),
    limit: size().prefault('1MB'),
    overflow: z
      .enum(['refuse', 'drop'])
      .default('refuse')
      .meta({ aliases: { drop_on_overflow: { true: 'drop', false: 'refuse' } } }),
  })
  assert.deepEqual(check(schema, { wait_seconds: 2, limit_mb: 3, drop_on_overflow: true }).value, {
    wait: 2000,
    limit: 3e6,
    overflow: 'drop',
  })
  assert.deepEqual(check(schema, { max_backoff_seconds: 1.5, drop_on_overflow: false }).value, {
    wait: 1500,
    limit: 1e6,
    overflow: 'refuse',
  })
  assert.deepEqual(told(schema, { wait: '1s', max_backoff_ms: 5 }), [
    'max_backoff_ms: this is another name of wait, which is there too: leave one of them out',
  ])
  assert.deepEqual(told(schema, { wait_seconds: '1 minute' }), [
    "wait_seconds: \"1 minute\" is not a duration; write a number with its unit, such as '500ms', '10s', '5m', '1h30m' or '7d'",
  ])
})
