import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BoundedMap } from './bounded-map.ts'

test('holds the newest entries, gives back what had to go, and counts it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.uniqueArray(fc.string(), { maxLength: 40 }), (limit, keys) => {
      const map = new BoundedMap<number>(limit)
      for (const [index, key] of keys.entries()) {
        assert.equal(map.makeRoom(), index < limit ? undefined : index - limit)
        map.set(key, -1)
        map.set(key, index)
      }
      for (const [index, key] of keys.entries()) assert.equal(map.get(key), index < keys.length - limit ? undefined : index)
      assert.equal(map.size, Math.min(limit, keys.length))
      assert.equal(map.evicted, Math.max(0, keys.length - limit))
    }),
  )
})
