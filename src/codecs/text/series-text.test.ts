import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { series } from '../../core/index.ts'
import { seriesText } from './series-text.ts'

test('a name alone stays as it is, labels follow in their order', () => {
  assert.equal(seriesText(series('CPU Total %')), 'CPU Total %')
  assert.equal(seriesText(series('io', { disk: 'sda', direction: 'read' })), 'io{direction=read,disk=sda}')
  assert.equal(seriesText(series('io', { a: 'x,y=z\\' })), 'io{a=x\\,y\\=z\\\\}')
})

test('other labels give another text', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ',', '=', '\\', '}'), maxLength: 4 })
  const labels = fc.dictionary(text, text, { maxKeys: 3 })
  fc.assert(
    fc.property(labels, labels, (one, other) => {
      const [a, b] = [series('m', one), series('m', other)]
      assert.equal(seriesText(a) === seriesText(b), a.key === b.key)
    }),
  )
})
