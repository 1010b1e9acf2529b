import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDocument } from './document.ts'

const lookup = { env: { PORT: '8080', ON: 'true', TEXT: 'plain' }, readFile: () => '' }
const read = (text: string) => readDocument(text, lookup)

test('an unquoted variable that is the whole value is read as YAML, any other is text', () => {
  assert.deepEqual(read('a: ${env:PORT}\nb: "${env:PORT}"\nc: ${env:ON}\nd: x${env:PORT}\ne: ${env:TEXT}').value, {
    a: 8080,
    b: '8080',
    c: true,
    d: 'x8080',
    e: 'plain',
  })
})

test('anchors and merge keys work', () => {
  assert.deepEqual(read('a: &x { one: 1 }\nb: { <<: *x, two: 2 }').value, { a: { one: 1 }, b: { one: 1, two: 2 } })
})

test('syntax errors are told with their place', () => {
  const { problems } = read('a: 1\nb: [1, 2')
  assert.equal(problems[0]!.code, 'CONFIG_SYNTAX')
  assert.equal(problems[0]!.line, 2)
})

test('finds the place of a value, of a key, and of what is nearest to something missing', () => {
  const document = read('exporters:\n  - name: a\n    config: { port: x }\n')
  const at = (path: (string | number)[], ofKey = false) => {
    const { line, column } = document.locate({ code: 'CONFIG_INVALID_VALUE', path, message: '', ofKey })
    return `${line}:${column}`
  }
  assert.equal(at(['exporters', 0, 'name']), '2:11')
  assert.equal(at(['exporters', 0, 'config', 'port']), '3:21')
  assert.equal(at(['exporters', 0, 'config', 'port'], true), '3:15')
  assert.equal(at(['exporters', 0, 'type']), '2:5')
  assert.equal(at([]), '1:1')
})
