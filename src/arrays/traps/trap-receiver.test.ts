import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { silent } from '../../sdk.ts'
import { index7, library, linkDown, plainSession, send, userSession } from './sending.fixture.ts'
import type { Trap } from './trap.ts'
import { TrapReceiver } from './trap-receiver.ts'
import type { TrapSource } from './trap-source.ts'

const plain: TrapSource = { storage_id: 'a', host: '10.0.0.1, 127.0.0.1', version: 'SNMPv2c', community_string: 'public' }
const secured: TrapSource = {
  storage_id: 'b',
  host: '127.0.0.1',
  version: 'snmpv3',
  username: 'waybill',
  security_level: 'authPriv',
  auth_protocol: 'HMACSHA',
  auth_key: 'authentication',
  privacy_protocol: 'AES',
  privacy_key: 'confidential',
}
const { AuthProtocols, PrivProtocols, SecurityLevel } = library
const user = {
  name: 'waybill',
  level: SecurityLevel.authPriv,
  authProtocol: AuthProtocols.sha,
  authKey: 'authentication',
  privProtocol: PrivProtocols.aes,
  privKey: 'confidential',
}

async function receiving(t: TestContext, ...sources: readonly TrapSource[]) {
  const taken: [string, Trap][] = []
  const receiver = new TrapReceiver({ listen: '127.0.0.1:0', take: (id, trap) => taken.push([id, trap]), log: silent })
  await receiver.start()
  t.after(() => receiver.stop())
  await receiver.use(sources)
  const { port } = receiver.address()!
  /** Until so many messages have come, whatever became of them. */
  const came = async (count: number) => {
    for (let tries = 0; receiver.taken + receiver.dropped < count; tries++) {
      assert.ok(tries < 500, `only ${receiver.taken} + ${receiver.dropped} messages have come`)
      await pause(10)
    }
  }
  return { receiver, taken, port, came }
}

test('004-26 a trap of version 2c with the community of its source', async (t) => {
  const { taken, port, came } = await receiving(t, plain)
  await send(plainSession(t, port), linkDown, [
    index7,
    { oid: '1.3.6.1.4.1.1', type: library.ObjectType.OctetString, value: 'Enclosure 1' },
  ])
  await came(1)
  const [id, { version, from, oid, values }] = taken[0]!
  assert.deepEqual([id, version, from, oid], ['a', 'SNMPv2c', '127.0.0.1', linkDown])
  assert.deepEqual([values[index7.oid], values['1.3.6.1.4.1.1']], ['7', 'Enclosure 1'])
})

test('004-26 a trap of version 1, its kind named as in later versions', async (t) => {
  const { taken, port, came } = await receiving(t, { ...plain, version: 'SNMPv1' })
  await send(plainSession(t, port, { version: '1' }), library.TrapType.LinkDown!)
  await send(plainSession(t, port, { version: '1' }), '1.3.6.1.4.1.2011.42')
  await came(2)
  assert.deepEqual(
    taken.map(([, { version, oid }]) => [version, oid]),
    [
      ['SNMPv1', linkDown],
      ['SNMPv1', '1.3.6.1.4.1.2011.0.42'],
    ],
  )
})

test('004-26 a trap and an inform of version 3, authenticated and encrypted', async (t) => {
  const { taken, port, came } = await receiving(t, secured)
  await send(userSession(t, port, user), linkDown, [index7])
  await came(1)
  await send(userSession(t, port, user), linkDown, [index7], 'inform')
  assert.deepEqual(
    taken.map(([id, { version, oid }]) => [id, version, oid]),
    [
      ['b', 'SNMPv3', linkDown],
      ['b', 'SNMPv3', linkDown],
    ],
  )
})

test('an inform of version 2c is answered', async (t) => {
  const { taken, port } = await receiving(t, plain)
  await send(plainSession(t, port), linkDown, [index7], 'inform')
  assert.equal(taken.length, 1)
})

const strangers: readonly [string, readonly TrapSource[], (t: TestContext, port: number) => Promise<void>][] = [
  ['another community', [plain], (t, port) => send(plainSession(t, port, { community: 'private' }), linkDown)],
  ['another version', [plain], (t, port) => send(plainSession(t, port, { version: '1' }), library.TrapType.LinkDown!)],
  ['no source of that address', [{ ...plain, host: '10.0.0.1' }], (t, port) => send(plainSession(t, port), linkDown)],
  ['a version below that of its source', [secured], (t, port) => send(plainSession(t, port, { community: '' }), linkDown)],
  ['another key', [secured], (t, port) => send(userSession(t, port, { ...user, authKey: 'something else' }), linkDown)],
  ['no encryption', [secured], (t, port) => send(userSession(t, port, { ...user, level: SecurityLevel.authNoPriv }), linkDown)],
  ['no authentication', [secured], (t, port) => send(userSession(t, port, { ...user, level: SecurityLevel.noAuthNoPriv }), linkDown)],
  ['no user at all', [secured], (t, port) => send(userSession(t, port, { name: '', level: SecurityLevel.noAuthNoPriv }), linkDown)],
]

for (const [what, sources, attempt] of strangers) {
  test(`a trap with ${what} is dropped and counted`, async (t) => {
    const { receiver, taken, port, came } = await receiving(t, ...sources)
    await attempt(t, port)
    await came(1)
    assert.deepEqual([taken, receiver.dropped], [[], 1])
  })
}

test('what is no SNMP is dropped and counted, and what comes after it is taken', async (t) => {
  const { receiver, taken, port, came } = await receiving(t, plain, secured)
  const socket = createSocket('udp4')
  t.after(() => socket.close())
  for (const bytes of [[], [0], [0x30, 0xff], [0x30, 0x05, 0x02, 0x01, 0x01, 0x04, 0x84]])
    socket.send(Buffer.from(bytes), port, '127.0.0.1')
  await came(4)
  await send(plainSession(t, port), linkDown)
  await came(5)
  assert.deepEqual([taken.length, receiver.dropped], [1, 4])
})

test('two sources of one address are told apart by community and user; sources may change', async (t) => {
  const { receiver, taken, port, came } = await receiving(t, plain, { ...plain, storage_id: 'c', community_string: 'other' }, secured)
  await send(plainSession(t, port, { community: 'other' }), linkDown)
  await came(1)
  await send(userSession(t, port, user), linkDown)
  await came(2)
  assert.deepEqual(
    taken.map(([id]) => id),
    ['c', 'b'],
  )
  await receiver.use([])
  await send(plainSession(t, port), linkDown)
  await came(3)
  assert.equal(taken.length, 2)
})

test('a source that cannot be used is told without its keys, and the others are listened to', async (t) => {
  const told: string[] = []
  const log = {
    ...silent,
    warn: (message: string, fields?: object) =>
      void told.push(`${message} ${JSON.stringify(fields)} ${(fields as { error: Error }).error}`),
  }
  const taken: string[] = []
  const receiver = new TrapReceiver({ listen: '127.0.0.1:0', take: (id) => taken.push(id), log })
  await receiver.start()
  t.after(() => receiver.stop())
  await receiver.use([{ ...secured, privacy_protocol: '3DES' }, { ...secured, auth_key: null }, { ...secured, username: '' }, plain])
  assert.equal(told.length, 3)
  assert.match(told[0]!, /3DES cannot be used; known are (DES, )?AES, AES256/)
  assert.doesNotMatch(told.join(), /confidential|authentication"/)
  await send(plainSession(t, receiver.address()!.port), linkDown, [], 'inform')
  assert.deepEqual(taken, ['a'])
})

test('a port in use is an error that says so; it can be stopped and started again', async (t) => {
  const { receiver, port } = await receiving(t)
  const second = new TrapReceiver({ listen: `127.0.0.1:${port}`, take: () => {}, log: silent })
  await assert.rejects(second.start(), { code: 'DESTINATION_UNAVAILABLE' })
  await receiver.stop()
  await receiver.stop()
  assert.equal(receiver.address(), undefined)
  await second.start()
  await second.stop()
})
