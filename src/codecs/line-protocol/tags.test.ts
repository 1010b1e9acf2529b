import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Describe, metrics, resource, scope, series } from '../../core/index.ts'
import { LineProtocolEncoder, type LineProtocolOptions } from './line-protocol.ts'

const describe: Describe = {
  resource: resource({ 'host.name': 'web-1', cores: 4, tags: ['a', 'b'], none: null, empty: '' }),
  scope: scope('lib', '2'),
}

/** The tags of one point's line. */
function tags(options: LineProtocolOptions, labels: Record<string, string> = {}, given: Describe = describe): string {
  const point = { series: series('x', labels, given), timeMs: 0, value: 1 }
  return Buffer.from(new LineProtocolEncoder(options).encode(metrics([point])))
    .toString()
    .replace(/^x,?/, '')
    .replace(' value=1 0\n', '')
}

test('I4: tags are sorted, and those without a value left out', () => {
  const options = { tags: { zone: 'eu', empty: '' } }
  assert.equal(tags(options, { core: '0', a: '' }, {}), 'core=0,zone=eu')
})

test('the attributes of the resource that are asked for are tags, and what measured it always', () => {
  const library = 'otel.scope.name=lib,otel.scope.version=2'
  assert.equal(tags({}), library)
  assert.equal(tags({ resourceAttributes: ['host.name', 'absent'] }), `host.name=web-1,${library}`)
  assert.equal(tags({ resourceAttributes: 'all' }), `cores=4,host.name=web-1,${library},tags=["a"\\,"b"]`)
})

test('a label stands above a tag of the name, and that above an attribute', () => {
  const options: LineProtocolOptions = { tags: { 'host.name': 'given', core: 'given' }, resourceAttributes: ['host.name'] }
  assert.equal(tags(options, { core: '0' }, { resource: describe.resource! }), 'core=0,host.name=given')
})
