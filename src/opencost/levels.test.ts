import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseLevels } from './levels.ts'

test('001-06 001-07 a level goes to what it fits; the other keeps its own default', () => {
  const chosen: [aggregate: string | undefined, assets: string | undefined, allocations: string, assets: string][] = [
    [undefined, undefined, 'container', 'type'],
    ...(['container', 'pod', 'namespace', 'node', 'controller'] as const).map((level): [string, undefined, string, string] => [
      level,
      undefined,
      level,
      'type',
    ]),
    ['type', undefined, 'container', 'type'],
    ['account', undefined, 'container', 'account'],
    ['project', undefined, 'container', 'project'],
    // This one is a level of both.
    ['service', undefined, 'service', 'service'],
    ['namespace', 'asset', 'namespace', 'asset'],
    ['Namespace, label:app', 'Provider', 'namespace,label:app', 'provider'],
    ['controllerkind', undefined, 'controllerKind', 'type'],
  ]
  for (const [aggregate, assets, ...levels] of chosen) {
    const { allocations, assets: ofAssets } = chooseLevels(aggregate, assets)
    assert.deepEqual([allocations, ofAssets], levels, `${aggregate} ${assets}`)
  }
})

test('001-08 an unknown level is refused, with those there are', () => {
  for (const level of ['bogus', '', 'pod,bogus', 'label:', 'asset,type'])
    assert.throws(() => chooseLevels(level), { code: 'INVALID_OPTION', hint: /container, pod.*label:<name>.*type, account/ }, level)
  assert.throws(() => chooseLevels('pod', 'namespace'), { code: 'INVALID_OPTION', hint: /of assets: type, account/ })
})
