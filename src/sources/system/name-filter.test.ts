import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameFilter } from './name-filter.ts'

test('names are included exactly or by asterisks, unless they are excluded', () => {
  const wanted = nameFilter({ include: ['sd*', 'nvme0n1'], exclude: ['sdb', '*9'] })
  assert.deepEqual(['sda', 'sd', 'sdb', 'sdc9', 'nvme0n1', 'nvme0n10', 'xsda', ''].filter(wanted), ['sda', 'sd', 'nvme0n1'])
  assert.deepEqual(['a.b', 'axb', 'a\nb'].filter(nameFilter({ include: ['a.b', 'a*b'], exclude: ['ax*'] })), ['a.b', 'a\nb'])
})
