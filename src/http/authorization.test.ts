import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ok } from '../sdk.ts'
import { type DestinationOptions, destinationTo, post, startServer } from './server.fixture.ts'

test('003-57: each kind of auth sends its header', async (t) => {
  const { url, requests } = await startServer(t)
  const credentials = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
  const cases: [auth: DestinationOptions['auth'], header: string, value: string | undefined][] = [
    [{ type: 'none' }, 'authorization', undefined],
    [{ type: 'api_key', key: 'k3y' }, 'x-api-key', 'k3y'],
    [{ type: 'api_key', key: 'k3y', header: 'DD-API-KEY' }, 'dd-api-key', 'k3y'],
    [{ type: 'bearer', token: 't0ken' }, 'authorization', 'Bearer t0ken'],
    [{ type: 'basic', username: 'me', password: 'pass:wörd' }, 'authorization', credentials('me:pass:wörd')],
  ]
  for (const [auth, header, value] of cases) {
    const destination = destinationTo(t, { url, ...(auth && { auth }) })
    assert.deepEqual(await post(destination), ok)
    assert.equal(requests.at(-1)!.headers[header], value)
  }
})

test('a user name and password in the address are sent as basic authentication', async (t) => {
  const { url, requests } = await startServer(t)
  for (const [userInfo, sent] of [
    ['me:p%40ss', 'me:p@ss'],
    ['me', 'me:'],
    ['100%:x', '100%:x'],
  ] as const) {
    const destination = destinationTo(t, { url: url.replace('//', `//${userInfo}@`) })
    assert.deepEqual(await post(destination), ok)
    assert.equal(requests.at(-1)!.headers.authorization, `Basic ${Buffer.from(sent).toString('base64')}`)
  }
})
