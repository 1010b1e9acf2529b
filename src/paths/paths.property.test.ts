import assert from 'node:assert/strict'
import { posix } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { filePath } from '../core/storage.ts'
import { alignWindow } from '../core/window.ts'
import { EventStoragePathFormatter, PartitionedPathFormatter, type PathFormatter, WindowStoragePathFormatter } from './index.ts'

const name = fc.oneof(
  fc.constantFrom('', '.', '..', '/', '../x', '/etc/passwd', 'a/../../b', 'a\0b', '...', 'x'.repeat(300), '\ud800'),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.array(fc.constantFrom('.', '..', 'a', '', '%2e', '\\'), { maxLength: 6 }).map((parts) => parts.join('/')),
)
const instant = fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })

/** The path, or undefined where something of it was refused. */
function made<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch (thrown) {
    assert.equal((thrown as { code?: string }).code, 'INVALID_OPTION')
    return undefined
  }
}

test('000-05 000-06 whatever the names, a path is refused or lies below its directory, which lies below the root', () => {
  fc.assert(
    fc.property(name, name, name, name, name, instant, (root, cluster, event, prefix, extension, at) => {
      const window = alignWindow(at.getTime(), 3_600_000)
      const formatters: [() => PathFormatter<never>, Date | typeof window][] = [
        [() => new EventStoragePathFormatter({ root, cluster, event, subPaths: [prefix] }), at],
        [() => new WindowStoragePathFormatter({ root, cluster, pipeline: event, resolution: '1h' }), window],
        [() => new PartitionedPathFormatter({ root, subPaths: [cluster, event] }), at],
      ]
      for (const [make, time] of formatters) {
        const paths = made(make)
        const path = paths && made(() => paths.toFullPath(prefix, time as never, extension))
        if (paths === undefined || path === undefined) continue
        assert.ok(below(paths.dir(), paths.rootDir()) && below(path, paths.dir()), path)
        assert.equal(path.replace(/^\//, ''), filePath(path), 'the path is not in its normal form')
      }
    }),
    { numRuns: 500 },
  )
})

test('000-05 names without anything special stand in the path as they are, joined by slashes', () => {
  const plain = fc.stringMatching(/^[\w-]{1,20}$/)
  fc.assert(
    fc.property(plain, plain, fc.array(plain, { maxLength: 3 }), plain, instant, (cluster, event, subPaths, extension, at) => {
      const path = new EventStoragePathFormatter({ root: 'r', cluster, event, subPaths }).toFullPath('', at, extension)
      const digits = at.toISOString().replace(/\..*|\D/g, '')
      assert.equal(path, posix.join('r', cluster, event, ...subPaths, `${digits}.${extension}`))
    }),
  )
})

const below = (path: string, directory: string): boolean => directory === '' || directory === '/' || path.startsWith(`${directory}/`)
