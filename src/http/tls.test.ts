import assert from 'node:assert/strict'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createContext, type Log, ok, silent } from '../sdk.ts'
import { context, type DestinationOptions, destinationTo, pem, pemFile, post, serverTls, startServer } from './server.fixture.ts'

/** The status and error of one request to a server with `tls`, made with these options. */
async function sent(t: TestContext, tls: NonNullable<DestinationOptions['tls']>, server = serverTls) {
  const { url, requests } = await startServer(t, undefined, { tls: server })
  const destination = destinationTo(t, { url, tls })
  const result = await post(destination)
  return { status: result.status, error: 'error' in result ? result.error.message : '', arrived: requests.length }
}

test('003-57: a server is believed when its certificate is, given as a file or as text', async (t) => {
  for (const ca of [pemFile('server.cert'), pem('server.cert')])
    assert.deepEqual(await sent(t, { ca }), { status: 'ok', error: '', arrived: 1 })
  const wrong = await sent(t, { ca: pem('client.cert') })
  assert.deepEqual([wrong.status, wrong.arrived], ['retry', 0])
})

test('003-57: the name in the certificate must be that of the address, or the one given', async (t) => {
  const ca = pem('server.cert')
  assert.equal((await sent(t, { ca, serverName: 'waybill.test' })).status, 'ok')
  assert.match((await sent(t, { ca, serverName: 'other.test' })).error, /does not match certificate/)
})

test('003-57: a server that asks for a certificate is shown one', async (t) => {
  const strict = { ...serverTls, requestCert: true, rejectUnauthorized: true, ca: pem('client.cert') }
  const ca = pem('server.cert')
  assert.equal((await sent(t, { ca, cert: pemFile('client.cert'), key: pemFile('client.key') }, strict)).status, 'ok')
  assert.equal((await sent(t, { ca, cert: pem('client.cert'), key: pem('client.key') }, strict)).status, 'ok')
  const without = await sent(t, { ca }, strict)
  assert.deepEqual([without.status, without.arrived], ['retry', 0])
})

test('003-57: only when told does it take any certificate, and it warns', async (t) => {
  const { url } = await startServer(t, undefined, { tls: serverTls })
  const warnings: string[] = []
  const log: Log = { ...silent, warn: (message) => warnings.push(message) }
  for (const insecure of [false, true]) {
    const destination = destinationTo(t, { url, tls: { insecure } })
    await destination.start(createContext({ log }))
    assert.equal((await post(destination)).status, insecure ? 'ok' : 'retry')
  }
  assert.deepEqual(warnings, ['any certificate is taken for that of the server'])
})

test('files that cannot be used are told at the start, and what is in them is not', async (t) => {
  const hiddenText = 'hidden-key-that-is-no-file'
  for (const [tls, told] of [
    [{ ca: '/nowhere/ca.pem' }, { code: 'FILE_UNREADABLE', message: 'the file given as tls.ca cannot be read: ENOENT' }],
    [{ key: hiddenText }, { code: 'FILE_UNREADABLE', message: 'the file given as tls.key cannot be read: ENOENT' }],
    [{ cert: `-----BEGIN ${hiddenText}` }, { code: 'INVALID_OPTION', message: /^what is given under tls cannot be used: (?!.*hidden)/ }],
    [
      { cert: pem('server.cert'), key: pem('client.key') },
      { code: 'INVALID_OPTION', hint: /key that of cert/ },
    ],
  ] as const) {
    const destination = destinationTo(t, { url: 'https://example.com', tls })
    await assert.rejects(destination.start(context), told)
    const health = destination.health()
    assert.ok(health.state === 'unhealthy' && !health.reason.includes(hiddenText))
    const result = await post(destination)
    assert.ok(result.status === 'retry' && result.scope === 'destination')
  }
})

test('a start that failed can be tried again', async (t) => {
  const { url } = await startServer(t, undefined, { tls: serverTls })
  const directory = await mkdtemp(join(tmpdir(), 'waybill-http-'))
  t.after(() => rm(directory, { recursive: true }))
  const ca = join(directory, 'ca.pem')
  const destination = destinationTo(t, { url, tls: { ca } })
  await assert.rejects(destination.start(context), { code: 'FILE_UNREADABLE' })
  await copyFile(pemFile('server.cert'), ca)
  await destination.start(context)
  assert.deepEqual(await post(destination), ok)
  assert.deepEqual(destination.health(), { state: 'healthy' })
})
