import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')

test('001-53 every promise about costs has a test that bears its number', () => {
  const files = ['src', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => join(root, folder, name)),
  )
  const names = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/^ *test\(\s*['"`](.*)/gm)].map(([, name]) => name!))
  const shown = new Set(names.flatMap((name) => name.match(/\b001-\d\d\b/g) ?? []))
  const all = Array.from({ length: 54 }, (_, index) => `001-${String(index + 1).padStart(2, '0')}`)
  assert.deepEqual(
    all.filter((row) => !shown.has(row)),
    [],
  )
})
