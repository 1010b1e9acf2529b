import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { character } from '../testing/character.fixture.ts'
import { directoryPath, filePath } from './storage.ts'

test('one file has one path', () => {
  for (const path of ['d/f', './d/f', 'd//f', '/d/f', 'd/./f', 'x/../d/f', 'd/f/', '././/d/x/y/../../f'])
    assert.equal(filePath(path), 'd/f', path)
  for (const path of ['...', '..a', 'a..', '. ', 'ü/日本/🙂', '\\', 'C:']) assert.equal(filePath(path), path)
})

test('what leaves the root, or names nothing, is refused with the reason', () => {
  for (const path of ['..', '../f', 'd/../../f', '/..', 'a/b/../../../a/b']) assert.throws(() => filePath(path), /leaves the root/, path)
  for (const path of ['', '.', '/', 'a/..']) assert.throws(() => filePath(path), /names no file/, path)
  assert.throws(() => filePath('a\0b'), { code: 'INVALID_OPTION', message: '"a\\u0000b" is not a path in a storage: it holds a NUL' })
  assert.throws(() => filePath('a\ud800'), /not well-formed/)
})

test('a directory may be the root', () => {
  assert.deepEqual(['', '/', '.', 'a/..', 'a/'].map(directoryPath), ['', '', '', '', 'a'])
})

test('whatever the path, it is refused or stays in the root and is its own normal form', () => {
  const part = fc.oneof(fc.constantFrom('', '.', '..', 'a', '\0', '...'), fc.string({ unit: character }))
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      let normal: string
      try {
        normal = filePath(parts.join('/'))
      } catch {
        return
      }
      assert.equal(filePath(normal), normal)
      assert.ok(normal.split('/').every((name) => !['', '.', '..'].includes(name) && !name.includes('\0')))
    }),
  )
})
