import assert from 'node:assert/strict'
import { test } from 'node:test'
import { format, inspect } from 'node:util'
import { Secret } from './secret.ts'

test('is seen only where it is revealed', () => {
  const secret = new Secret('hunter2')
  const printed = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ secret }),
    format('%s %o %j', secret, secret, secret),
    inspect(secret, { showHidden: true }),
  ]
  for (const text of printed) assert.ok(!text.includes('hunter2'), text)
  assert.equal(secret.reveal(), 'hunter2')
})
