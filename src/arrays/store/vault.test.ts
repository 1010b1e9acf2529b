import assert from 'node:assert/strict'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'
import { Secret } from '../../sdk.ts'
import { ownKey } from './own-key.ts'
import { Vault } from './vault.ts'

const key = 'a5'.repeat(32)
const vault = new Vault(new Secret(key))
const unreadable = { code: 'DESTINATION_UNAVAILABLE', message: /cannot be read/ }

test('what is sealed opens again, and tells nothing as long as it is sealed', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, belongsTo) => {
      const sealed = vault.seal(value, belongsTo)
      assert.deepEqual(vault.open(sealed, belongsTo), JSON.parse(JSON.stringify(value)))
      assert.notEqual(sealed, vault.seal(value, belongsTo))
    }),
  )
  const sealed = Buffer.from(vault.seal({ password: 'hunter2-hunter2' }, 'a'), 'base64').toString('latin1')
  assert.ok(!sealed.includes('hunter2'))
})

test('the key is hexadecimal or base64', () => {
  const sealed = vault.seal(1, 'a')
  assert.equal(new Vault(new Secret(`${Buffer.from(key, 'hex').toString('base64')}\n`)).open(sealed, 'a'), 1)
  for (const wrong of ['', 'short', key.slice(1), `${key}a`, 'z'.repeat(64)])
    assert.throws(() => new Vault(new Secret(wrong)), { code: 'INVALID_OPTION', hint: /openssl rand/ })
})

test('nothing opens with another key, in another place, or when a bit of it has changed', () => {
  const sealed = vault.seal({ password: 'x' }, 'a')
  assert.throws(() => new Vault(new Secret('b6'.repeat(32))).open(sealed, 'a'), unreadable)
  assert.throws(() => vault.open(sealed, 'b'), unreadable)
  assert.throws(() => vault.open('', 'a'), unreadable)
  const bytes = Buffer.from(sealed, 'base64')
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed[at]! ^= 1
    assert.throws(() => vault.open(changed.toString('base64'), 'a'), unreadable)
    assert.throws(() => vault.open(bytes.subarray(0, at).toString('base64'), 'a'), unreadable)
  }
})

test('a key of its own is made once, for this user alone', async (t) => {
  const path = join(temporaryFolder(t), 'folder', 'arrays.key')
  const made = await ownKey(path)
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.ok(!existsSync(`${path}.new`))
  assert.equal(new Vault(await ownKey(path)).open(new Vault(made).seal('x', 'a'), 'a'), 'x')
  const file = join(temporaryFolder(t), 'file')
  writeFileSync(file, '')
  await assert.rejects(ownKey(join(file, 'arrays.key')), { code: 'DESTINATION_UNAVAILABLE' })
})
