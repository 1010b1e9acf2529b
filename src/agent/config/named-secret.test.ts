import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Lookup } from './expand.ts'
import { loadText } from './load.ts'
import { namedSecret } from './named-secret.ts'

function lookup(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}): Lookup {
  return {
    env,
    readFile(path) {
      if (files[path] === undefined) throw new Error('ENOENT')
      return files[path]
    },
  }
}

test('003-53 F18 a secret by its name: the mounted file, else the variable, never the name', () => {
  assert.equal(namedSecret('datadog-api-key', lookup({ '/etc/secrets/datadog-api-key': ' k1\n' }, { DATADOG_API_KEY: 'k2' })), 'k1')
  assert.equal(namedSecret('datadog-api-key', lookup({ '/run/s/datadog-api-key': 'k3' }, { WAYBILL_SECRETS_DIR: '/run/s' })), 'k3')
  assert.equal(namedSecret('datadog-api-key', lookup({ '/etc/secrets/datadog-api-key': '\n' }, { DATADOG_API_KEY: 'k2' })), 'k2')
  assert.deepEqual(namedSecret('datadog-api-key', lookup({})), {
    code: 'CONFIG_UNREADABLE_SECRET',
    message: 'there is no secret datadog-api-key',
    hint: 'mount it as /etc/secrets/datadog-api-key, or set DATADOG_API_KEY',
  })
})

test('a name that would lead out of the directory is no name', () => {
  for (const name of ['../passwd', '/etc/passwd', '..', 'a/b', '', '.'])
    assert.equal((namedSecret(name, lookup({ '/etc/passwd': 'root' })) as { code: string }).code, 'CONFIG_INVALID_VALUE', name)
})

test('in a file: any setting that is a secret may be named with _secret behind it', async () => {
  const text = 'exporters: [ { type: http, config: { endpoint: "http://h/", auth: { type: bearer, token_secret: api-token } } } ]\n'
  const { exporters } = await loadText(text, { path: 'w.yaml', lookup: lookup({}, { API_TOKEN: 'x1' }) })
  const { auth } = exporters[0]!.config as { auth: { token: { reveal(): string } } }
  assert.equal(auth.token.reveal(), 'x1')
  await assert.rejects(loadText(text, { path: 'w.yaml', lookup: lookup({}) }), {
    message:
      'w.yaml:1:97: exporters[0].config.auth.token_secret: there is no secret api-token; mount it as /etc/secrets/api-token, or set API_TOKEN',
  })
})
