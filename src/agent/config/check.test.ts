import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadText } from './load.ts'

const problemsOf = (text: string): Promise<readonly string[]> =>
  loadText(text, { path: 'a.yaml' }).then(
    () => [],
    (error: Error) => error.message.split('\n'),
  )

test('what would start and be of no use is told before', async () => {
  assert.deepEqual(await problemsOf('sources: [ { type: system } ]\n'), [
    'a.yaml:1:1: exporters: there is no exporter: nothing would arrive anywhere',
  ])
  assert.deepEqual(
    await problemsOf(`
api: { listen: "0.0.0.0:9465" }
sources: [ { type: system, interval: 0s } ]
exporters: [ { name: a, type: file, timeout: 0s } ]
pipelines: [ { name: p, from: [system, system], to: [a, a] } ]
max_memory: 1
`),
    [
      'a.yaml:2:16: api.listen: others can reach 0.0.0.0:9465, so a token is needed; set token, or listen on 127.0.0.1',
      'a.yaml:3:38: sources[0].interval: must be at least 1ms',
      'a.yaml:4:46: exporters[0].timeout: must be at least 1ms',
      'a.yaml:5:40: pipelines[0].from[1]: system stands here twice',
      'a.yaml:5:57: pipelines[0].to[1]: a stands here twice',
      'a.yaml:6:13: max_memory: must be at least 1MiB',
    ],
  )
})

test('a duration without a unit is asked for it; 0 needs none, and other names may have it in them', async () => {
  const exporters = 'exporters: [ { type: file, buffer: { flush_interval: 0 }, retry: { initial_delay_seconds: 2 } } ]\n'
  assert.deepEqual(await problemsOf(exporters), [])
  assert.deepEqual(await problemsOf(`sources: [ { type: system, interval: 5 } ]\n${exporters}`), [
    'a.yaml:1:38: sources[0].interval: 5 of what? A duration has its unit; such as 5s',
  ])
})
