/** What becomes of the records. */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { type Case, describe } from './trial.ts'

export const deliveryCases: readonly Case[] = [
  {
    name: 'delivers each record once',
    async check(trial) {
      const batches = ['first', 'second', 'third'].map((tag) => trial.setup.batch(5, tag))
      await trial.start()
      for (const batch of batches) await trial.exportOk(batch)
      await trial.arrivedOnce(batches)
    },
  },
  {
    name: 'delivers everything of concurrent exports',
    async check(trial) {
      const batches = Array.from({ length: 8 }, (_, n) => trial.setup.batch(25, `concurrent${n}`))
      await trial.start()
      await Promise.all(batches.map((batch) => trial.exportOk(batch)))
      await trial.arrivedOnce(batches)
    },
  },
  {
    name: 'is not disturbed by an empty batch',
    async check(trial) {
      const empty = trial.setup.batch(0, 'empty')
      const full = trial.setup.batch(2, 'full')
      if (trial.setup.identify(empty).length > 0) return
      await trial.start()
      await trial.exportOk(empty)
      await trial.exportOk(full)
      await trial.arrivedOnce([full])
    },
  },
  {
    name: 'does not change what it is given',
    async check(trial) {
      const batch = trial.setup.batch(5, 'unchanged')
      const before = snapshot([trial.setup.time, batch])
      await trial.start()
      await trial.export(batch)
      await trial.stop()
      assert.equal(snapshot([trial.setup.time, batch]), before, 'the exporter changed its time or its data')
    },
  },
  {
    name: 'never says ok when the destination has broken',
    async check(trial) {
      if (!trial.setup.breakDestination) return
      await trial.start()
      await trial.exportOk(trial.setup.batch(2, 'before'))
      await trial.setup.breakDestination()
      const result = await trial.export(trial.setup.batch(5, 'broken'))
      assert.notEqual(result.status, 'ok', 'export answered ok')
    },
  },
  {
    name: 'never says ok when the destination was broken from the start',
    async check(trial) {
      if (!trial.setup.breakDestination) return
      await trial.setup.breakDestination()
      await trial.start().catch(() => {})
      const result = await trial.export(trial.setup.batch(5, 'broken'))
      assert.notEqual(result.status, 'ok', 'export answered ok')
    },
  },
  {
    name: 'tells the truth about which records were refused',
    async check(trial) {
      if (!trial.setup.refuseSome) return
      const batch = trial.setup.batch(10, 'refused')
      await trial.start()
      await trial.setup.refuseSome()
      const result = await trial.export(batch)
      await trial.claimsHold(batch, result)
      if (result.status !== 'partial') return
      const received = new Set(await trial.setup.received())
      const identities = trial.setup.identify(batch)
      const rejected = result.rejected.flatMap((rejection) => ('index' in rejection ? [identities[rejection.index]!] : []))
      const arrived = rejected.filter((identity) => received.has(identity))
      assert.deepEqual(arrived, [], `export answered ${describe(result)}, and these records were named as rejected and arrived`)
    },
  },
]

/** Everything that can be seen of a value, as text. Custom inspection would hide what it redacts. */
const snapshot = (value: unknown): string =>
  inspect(value, { depth: Number.POSITIVE_INFINITY, maxArrayLength: null, maxStringLength: null, customInspect: false })
