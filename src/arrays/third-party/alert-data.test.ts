import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AlertData, alertData, alertOf } from './alert-data.ts'

const array = { id: 'a1', name: 'fake driver', vendor: 'fake_vendor', model: 'fake_model', serial_number: 'S-1' }
const fault: AlertData = {
  alert_id: '1050616',
  alert_name: 'Power failure',
  severity: 'Fatal',
  category: 'Fault',
  type: 'EquipmentAlarm',
  sequence_number: 102,
  occur_time: 1767225600000,
  description: 'One power supply has no power.',
  recovery_advice: 'Look at the cable.',
  resource_type: 'Storage',
  location: 'Enclosure 1',
}
const filled = { storage_id: 'a1', storage_name: 'fake driver', vendor: 'fake_vendor', model: 'fake_model', serial_number: 'S-1' }

test('004-06 an exporter is given an alert with all its fields, and those of its array filled in', () => {
  const [given] = [alertOf(fault, array)].map(alertData)
  assert.deepEqual(given, { ...fault, ...filled, sequence_number: '102' })
})

test('004-06 the same trouble is the same alert, firing and resolved, whatever else is told of it', () => {
  const firing = alertOf(fault, array)
  const later = alertOf({ ...fault, alert_id: '77', sequence_number: 103, severity: 'Major', occur_time: 1767225700000 }, array)
  const over = alertOf({ ...fault, category: 'Recovery', occur_time: 1767225800000 }, array)
  assert.deepEqual([firing.status, later.status, over.status, over.endsAtMs], ['firing', 'firing', 'resolved', 1767225800000])
  assert.equal(firing.id, 'a1/Power failure|Enclosure 1')
  for (const alert of [later, over]) assert.deepEqual([alert.id, alert.labels], [firing.id, firing.labels])
  assert.equal(alertData(over).category, 'Recovery')
})

test('a match key of the driver is the identity; severities are those that alerts have here', () => {
  assert.equal(alertOf({ ...fault, match_key: 'psu-1' }, array).id, 'a1/psu-1')
  const severities = ['Fatal', 'Critical', 'Major', 'Minor', 'Warning', 'Informational', 'NotSpecified'] as const
  assert.deepEqual(
    severities.map((severity) => alertOf({ ...fault, severity }, array).severity),
    ['critical', 'critical', 'major', 'minor', 'warning', 'info', 'info'],
  )
})

test('an alert of no array has the fields that an exporter looks for', () => {
  const alert = { id: 'x', name: 'Disk full', severity: 'critical', status: 'firing', startsAtMs: 5, labels: { host: 'a' } } as const
  assert.deepEqual(alertData(alert), {
    alert_id: 'x',
    severity: 'Fatal',
    type: 'NotSpecified',
    host: 'a',
    alert_name: 'Disk full',
    category: 'Fault',
    occur_time: 5,
  })
})
