import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Describe, resource, scope, series } from '../../core/index.ts'
import { labelName, labelsOf, labelsText, targetInfoLabels } from './labels.ts'

const textOf = (labels: Record<string, string>, describe: Describe = {}, attributes: string[] = []) => {
  const made = series('x', labels, describe)
  return labelsText(labelsOf(made, made.kind, attributes))
}

test('names are what Prometheus takes', () => {
  const names: [string, string][] = [
    ['core', 'core'],
    ['a__b_', 'a__b_'],
    ['host.name', 'host_name'],
    ['a.-b', 'a_b'],
    ['1st', '_1st'],
    ['__name__', '_name_'],
    ['___x', '_x'],
    ['', '_'],
    ['日本', '_'],
  ]
  for (const [name, expected] of names) assert.equal(labelName(name), expected)
})

test('values under one name are joined in the order of their own names, and empty ones are as absent', () => {
  assert.equal(textOf({ 'a.b': '2', 'a-b': '1', a_b: '3', none: '' }), 'a_b="1;2;3"')
  assert.equal(textOf({ empty: '' }), '')
})

test('values are escaped, and halves of surrogate pairs replaced', () => {
  assert.equal(textOf({ a: 'é"\\\n\ud800' }), 'a="é\\"\\\\\\n\ufffd"')
})

test('labels that a type keeps for itself are called exported', () => {
  assert.equal(textOf({ le: '1', quantile: '2' }, { kind: 'histogram' }), 'exported_le="1",quantile="2"')
  assert.equal(textOf({ le: '1', quantile: '2' }, { kind: 'summary' }), 'exported_quantile="2",le="1"')
})

const shop = resource({ 'service.namespace': 'eu', 'service.name': 'shop', 'service.instance.id': 'i-1', 'host.name': 'a', cores: 4n })

test('job, instance, scope and asked-for attributes are added where there is no label of the name', () => {
  const describe = { resource: shop, scope: scope('lib', '2') }
  assert.equal(textOf({}, describe), 'instance="i-1",job="eu/shop",otel_scope_name="lib",otel_scope_version="2"')
  assert.equal(
    textOf({ job: 'own' }, { resource: shop }, ['host.name', 'cores', 'none']),
    'cores="4",host_name="a",instance="i-1",job="own"',
  )
  assert.equal(textOf({}, { resource: resource({ 'service.name': 'solo' }) }), 'job="solo"')
})

test('a target tells the rest of its resource, if it can be told from others', () => {
  assert.equal(labelsText(targetInfoLabels(shop)!), 'cores="4",host_name="a",instance="i-1",job="eu/shop"')
  assert.equal(targetInfoLabels(resource({ 'host.name': 'a' })), undefined)
  assert.equal(targetInfoLabels(resource({ 'service.name': 'solo' })), undefined)
})
