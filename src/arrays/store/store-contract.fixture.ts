/** What every store of arrays keeps to, whatever database it is in. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Clock } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { type ArrayStore, arrayKind, type NewEntry } from './array-store.ts'

/** A store over a database of its own, and another one over the same database. */
export type StoreSetup = (t: TestContext, clock: Clock) => Promise<{ readonly store: ArrayStore; again(): ArrayStore }>

const array = (id: string, data: NewEntry['data'] = {}) => ({ kind: arrayKind, id, storageId: id, key: id, data })
const volume = (key: string, data: NewEntry['data'] = {}, storageId = 'a'): NewEntry => ({
  id: '',
  storageId,
  key: `${storageId}/${key}`,
  data,
})
const names = (entries: readonly { readonly data: NewEntry['data'] }[]) => entries.map(({ data }) => data.name)

export function storeContract(kind: string, setup: StoreSetup): void {
  const contract = (name: string, run: (store: ArrayStore, more: { clock: ManualClock; again(): ArrayStore }) => Promise<void>) =>
    test(`${kind}: ${name}`, async (t) => {
      const clock = new ManualClock(1_000)
      const { store, again } = await setup(t, clock)
      await store.open()
      t.after(() => store.close())
      await run(store, { clock, again })
    })

  contract('what was put there is there after a restart', async (store, { again }) => {
    await store.add([array('a', { name: 'é 日本 😀 \' "', nested: { list: [1, null, true] } })])
    await store.close()
    const after = again()
    await after.open()
    assert.deepEqual(await after.get(arrayKind, 'a'), {
      ...{ id: 'a', storageId: 'a', createdMs: 1_000, updatedMs: null },
      data: { name: 'é 日本 😀 \' "', nested: { list: [1, null, true] } },
    })
    await after.close()
  })

  contract('all entries are added, or none where an id or key is taken', async (store) => {
    assert.equal(await store.add([array('a')]), true)
    assert.equal(await store.add([array('b'), { ...array('c'), key: 'a' }]), false)
    assert.equal(await store.add([array('b'), array('a')]), false)
    assert.deepEqual(
      (await store.list(arrayKind)).map(({ id }) => id),
      ['a'],
    )
  })

  contract('of ten that add the same at once, one succeeds', async (store) => {
    const added = await Promise.all(Array.from({ length: 10 }, (_, n) => store.add([{ ...array(`a${n}`), key: 'same' }])))
    assert.deepEqual(added.filter(Boolean), [true])
  })

  contract('put changes what is there, and tells when; not where another has the key', async (store, { clock }) => {
    await store.put('plans', { ...array('a', { interval: 1 }) })
    await clock.advance(500)
    assert.equal(await store.put('plans', { ...array('a', { interval: 2 }) }), true)
    assert.equal(await store.put('plans', { ...array('b'), key: 'a' }), false)
    assert.equal((await store.list('plans')).length, 1)
    assert.deepEqual(await store.get('plans', 'a'), { id: 'a', storageId: 'a', createdMs: 1_000, updatedMs: 1_500, data: { interval: 2 } })
  })

  contract('replace: what stays keeps its id and age, what is gone goes, and the order is the one given', async (store, { clock }) => {
    await store.add([array('a'), array('b')])
    await store.replace('volumes', 'a', [volume('1', { name: '1' }), volume('2', { name: '2' }), volume('3', { name: '3' })])
    await store.replace('volumes', 'b', [volume('1', { name: 'other' }, 'b')])
    const before = await store.list('volumes', { where: { storage_id: 'a' } })
    assert.equal(new Set(before.map(({ id }) => id)).size, 3)
    await clock.advance(500)
    await store.replace('volumes', 'a', [volume('3', { name: '3' }), volume('1', { name: 'one' }), volume('4', { name: '4' })])
    const after = await store.list('volumes', { where: { storage_id: 'a' } })
    assert.deepEqual(
      after.map(({ id, createdMs, updatedMs, data }) => [id, createdMs, updatedMs, data.name]),
      [
        [before[2]!.id, 1_000, null, '3'],
        [before[0]!.id, 1_000, 1_500, 'one'],
        [after[2]!.id, 1_500, null, '4'],
      ],
    )
    assert.deepEqual(names(await store.list('volumes', { where: { storage_id: 'b' } })), ['other'])
  })

  contract('replace: many at once', async (store) => {
    await store.add([array('a')])
    const many = Array.from({ length: 1_234 }, (_, n) => volume(String(n), { name: n }))
    await store.replace('volumes', 'a', many)
    await store.replace('volumes', 'a', many.toReversed())
    assert.deepEqual(
      names(await store.list('volumes')),
      Array.from({ length: 1_234 }, (_, n) => 1_233 - n),
    )
  })

  contract('of an array that is gone nothing is kept, nor comes back', async (store) => {
    await store.add([array('a'), array('b')])
    await store.replace('volumes', 'a', [volume('1')])
    await store.removeArray('a')
    await store.replace('volumes', 'a', [volume('1')])
    assert.deepEqual(await store.list('volumes'), [])
    assert.equal(await store.get(arrayKind, 'a'), undefined)
    assert.ok(await store.get(arrayKind, 'b'))
    assert.deepEqual([await store.remove(arrayKind, 'b'), await store.remove(arrayKind, 'b')], [true, false])
  })

  contract('lists: conditions, order by several fields, nothing before numbers before text, by bytes', async (store) => {
    await store.add([array('a')])
    const rows = [
      { name: 'b', size: 10 },
      { name: 'B', size: 9 },
      { name: 'ä', size: null },
      { name: 'a', size: 9 },
      { name: 'none' },
      { name: 'text', size: 'x' },
    ]
    await store.replace(
      'volumes',
      'a',
      rows.map((row, n) => volume(String(n), row)),
    )
    const sorted = async (...order: readonly (readonly [string, 'asc' | 'desc'])[]) =>
      names(await store.list('volumes', { order: order.map(([field, direction]) => ({ field, direction })) })).join(' ')
    assert.equal(await sorted(['name', 'asc']), 'B a b none text ä')
    assert.equal(await sorted(['name', 'desc']), 'ä text none b a B')
    assert.equal(await sorted(['size', 'asc'], ['name', 'asc']), 'none ä B a b text')
    assert.equal(await sorted(['size', 'desc'], ['name', 'desc']), 'text b a B ä none')
    assert.equal(await sorted(['created_at', 'desc']), 'b B ä a none text')
    assert.deepEqual(names(await store.list('volumes', { where: { name: 'a' } })), ['a'])
    assert.deepEqual(names(await store.list('volumes', { where: { name: "a' OR 1=1 --" } })), [])
    assert.deepEqual(names(await store.list('volumes', { where: { name: 'a\0' } })), [])
    await assert.rejects(store.list('volumes', { where: { "name' OR 1": '' } }), TypeError)
  })

  contract('lists: pages, by place and after an entry', async (store) => {
    await store.add([array('a')])
    await store.replace(
      'volumes',
      'a',
      Array.from({ length: 10 }, (_, n) => volume(String(n), { name: n, odd: n % 2 })),
    )
    const all = await store.list('volumes', { order: [{ field: 'odd', direction: 'desc' }] })
    const order = [{ field: 'odd', direction: 'desc' }] as const
    assert.deepEqual(names(all), [1, 3, 5, 7, 9, 0, 2, 4, 6, 8])
    assert.deepEqual(names(await store.list('volumes', { order, offset: 3, limit: 3 })), [7, 9, 0])
    assert.deepEqual(names(await store.list('volumes', { order, after: all[4]!.id, limit: 2 })), [0, 2])
    assert.deepEqual(names(await store.list('volumes', { order, after: all[4]!.id, offset: 1 })), [2, 4, 6, 8])
    assert.deepEqual(names(await store.list('volumes', { order, after: 'nothing', limit: 1 })), [1])
    assert.deepEqual(await store.list('volumes', { limit: 0 }), [])
  })

  contract('texts that databases cannot keep are kept as near as can be', async (store) => {
    await store.add([array('a', { name: 'nul \0 half \ud800' })])
    assert.equal((await store.get(arrayKind, 'a'))!.data.name, 'nul \ufffd half \ufffd')
    assert.equal(await store.get(arrayKind, '\0'), undefined)
  })
}
