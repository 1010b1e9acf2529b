import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineArrayDriver, isArrayDriver } from './driver.ts'
import fake from './drivers/fake/fake.ts'

const { vendor, model, summary, connect } = fake
const driver = defineArrayDriver({ vendor, model, summary, connect })

test('004-24 a driver is one, and nothing else is', () => {
  assert.ok(isArrayDriver(driver))
  for (const other of [undefined, null, 'array-driver', {}, { kind: 'exporter' }, defineArrayDriver])
    assert.equal(isArrayDriver(other), false)
})

test('004-24 one that was made for another version, or lacks what every driver has, is told', () => {
  assert.throws(() => isArrayDriver({ ...driver, apiVersion: 2 }), {
    code: 'PLUGIN_INVALID',
    message: 'the driver fake_storage fake_driver was made for version 2 of what drivers agree on, this is version 1',
  })
  for (const without of ['vendor', 'model', 'connect'])
    assert.throws(() => isArrayDriver({ ...driver, [without]: undefined }), {
      code: 'PLUGIN_INVALID',
      message: /vendor, a model and connect/,
    })
})
