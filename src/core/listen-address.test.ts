import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cannotListen } from './cannot-listen.ts'
import { formatAddress, listenProblem, parseListenAddress } from './listen-address.ts'

test('a host and a port', () => {
  assert.deepEqual(parseListenAddress('127.0.0.1:9464'), { host: '127.0.0.1', port: 9464 })
  assert.deepEqual(parseListenAddress('[::1]:0'), { host: '::1', port: 0 })
  assert.deepEqual(parseListenAddress(':80'), { host: '::', port: 80 })
  assert.equal(formatAddress({ host: '::1', port: 1 }), '[::1]:1')
  assert.equal(formatAddress({ host: 'localhost', port: 1 }), 'localhost:1')
  for (const wrong of ['', '9464', 'localhost', '::1:80', '127.0.0.1:65536', '127.0.0.1:-1', 'http://localhost:1', '[::1]'])
    assert.throws(() => parseListenAddress(wrong), { code: 'INVALID_OPTION' }, wrong)
})

test('beyond this machine a token is needed', () => {
  for (const near of ['127.0.0.1:1', '127.9.9.9:1', '[::1]:1', 'localhost:1']) assert.equal(listenProblem(near, false), undefined, near)
  for (const far of ['0.0.0.0:1', ':1', '[::]:1', '10.0.0.1:1', '127.example.org:1']) {
    assert.match(listenProblem(far, false)!, /so a token is needed; set token/, far)
    assert.equal(listenProblem(far, true), undefined)
  }
  assert.match(listenProblem('nonsense', true)!, /not an address to listen on; write host:port/)
})

test('an address that the system refuses is told with why and what to do', () => {
  const refused = (code?: string) => cannotListen({ host: '::1', port: 80 }, Object.assign(new Error('listen failed'), { code })).explain()
  assert.equal(refused('EADDRINUSE').split(';')[0], 'cannot listen on [::1]:80: another program listens there (EADDRINUSE)')
  assert.match(refused('EACCES'), /no permission \(EACCES\); choose a port from 1024 up/)
  assert.match(refused(), /the system refuses it \(listen failed\); choose another address/)
})
