import assert from 'node:assert/strict'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { FilenameTemplate } from './filename-template.ts'

const exporter = { name: 'local', hostname: 'web-1.example.com', pid: 42 }
const facts = { startedMs: Date.UTC(2026, 7, 2, 10, 0, 7, 123), signal: 'metrics', sequence: 3 }
const first = (template: string, extension: string, more: object = {}) =>
  new FilenameTemplate(template, exporter).names({ ...facts, ...more }, extension).next().value

test('003-33 F12: names are made from the template, with the extension of the content', () => {
  assert.equal(first('profiling-{timestamp}-{hostname}.jsonl.gz', 'jsonl.gz'), 'profiling-20260802T100007Z-web-1.example.com.jsonl.gz')
  assert.equal(first('profiling-{timestamp}.jsonl.gz', 'jsonl'), 'profiling-20260802T100007Z.jsonl')
  assert.equal(first('{name}-{signal}-{pid}-{sequence}', 'csv'), 'local-metrics-42-0003.csv')
  assert.equal(first('v1.2', 'csv'), 'v1.2.csv')
})

test('003-33 F12: further names count up before the extension', () => {
  const names = new FilenameTemplate('a.jsonl', exporter).names(facts, 'jsonl.gz')
  assert.deepEqual([...names.take(3)], ['a.jsonl.gz', 'a-1.jsonl.gz', 'a-2.jsonl.gz'])
})

test('templates that leave the directory or have unknown placeholders are refused', () => {
  const refused = (template: string, message: RegExp) =>
    assert.throws(() => new FilenameTemplate(template, exporter), { code: 'INVALID_OPTION', message })
  refused('../{name}', /path separator/)
  refused('a\\b', /path separator/)
  refused('a\0b', /control character/)
  refused('', /is empty/)
  refused('{host}', /unknown placeholder \{host\}; there are \{timestamp\}, \{name\}/)
  refused('{constructor}', /unknown placeholder/)
})

test('whatever the data is called, the name stays in the directory and is known as its own', () => {
  const anything = fc.string({ unit: fc.constantFrom(...'aZ0._-/\\:*\0\n {}日é😀') })
  fc.assert(
    fc.property(anything, anything, anything, (name, hostname, table) => {
      const template = new FilenameTemplate('{name}{hostname}-{signal}', { name, hostname, pid: 1 })
      const made = template.names({ ...facts, signal: `rows-${table}` }, 'csv').next().value
      assert.equal(basename(join('/data', made)), made)
      assert.match(made, /^[\w.-]{1,255}$/)
      assert.ok(template.matches(made))
    }),
  )
})

test('only names that this template could have made are its own', () => {
  const template = new FilenameTemplate('{name}-{signal}-{timestamp}-{hostname}', exporter)
  const own = 'local-metrics-20260802T100007Z-web-1.example.com'
  for (const name of [`${own}.jsonl`, `${own}-12.csv.gz`, `${own.replace('metrics', 'rows-costs')}.csv`])
    assert.ok(template.matches(name), name)
  const others = [own, `${own}.txt`, `${own}.jsonl.bak`, `x${own}.jsonl`, 'local-rows-20260802T100007Z-web-1.example.com.csv']
  for (const name of [
    ...others,
    `${own}.jsonl`.replace('local', 'other'),
    `${own}.jsonl`.replace('web-1.', 'web-1x'),
    `${own}.jsonl`.replace('local', 'local-b'),
  ])
    assert.ok(!template.matches(name), name)
})
