import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { character } from '../../testing/character.fixture.ts'
import { groupPath } from './grouping-key.ts'

test('F4 003-08: job and instance are in the path, further labels behind them', () => {
  assert.equal(
    groupPath({ job: 'foundation_profiling', instance: 'web-server-01' }),
    '/metrics/job/foundation_profiling/instance/web-server-01',
  )
  assert.equal(groupPath({ job: 'a b?#%', zone: 'é' }), '/metrics/job/a%20b%3F%23%25/zone/%C3%A9')
})

test('F4: a value with a slash, an empty one, and one that would climb are in base64', () => {
  assert.equal(groupPath({ job: 'directory_cleaner', path: '/var/tmp' }), '/metrics/job/directory_cleaner/path@base64/L3Zhci90bXA')
  assert.equal(groupPath({ job: 'a', instance: '' }), '/metrics/job/a/instance@base64/=')
  assert.equal(groupPath({ job: '..', zone: '.', other: '...' }), '/metrics/job@base64/Li4/zone@base64/Lg/other/...')
})

test('whatever the values, a URL leaves the path as it is, and they can be read from it', () => {
  fc.assert(
    fc.property(fc.string({ unit: character }), fc.string({ unit: character }), (job, zone) => {
      const path = groupPath({ job, zone })
      const { pathname } = new URL(`http://localhost${path}`)
      assert.equal(pathname, path)
      const [, , ...parts] = pathname.split('/')
      const values = [parts.slice(0, 2), parts.slice(2)].map(([name, value]) =>
        name!.endsWith('@base64') ? Buffer.from(value!, 'base64url').toString() : decodeURIComponent(value!),
      )
      assert.deepEqual([parts.length, values], [4, [job, zone]])
    }),
  )
})
