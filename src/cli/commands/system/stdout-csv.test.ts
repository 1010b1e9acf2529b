import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { createContext } from '../../../core/context.ts'
import { metrics } from '../../../core/index.ts'
import { series } from '../../../core/series.ts'
import { stdoutCsv } from './stdout-csv.ts'

const context = createContext()
const sample = (timeMs: number, values: Record<string, number>) =>
  metrics(Object.entries(values).map(([name, value]) => ({ series: series(name), timeMs, value })))

function setUp(stream: Writable) {
  const broken: Error[] = []
  const plugin = stdoutCsv({ stream, onBroken: (error) => broken.push(error) })
  return { broken, exporter: plugin.create({ name: 'stdout', config: undefined, host: undefined } as never) }
}

test('the header once, then a row for each value by name, for each sample', async () => {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk
      done()
    },
  })
  const { exporter } = setUp(stream)
  assert.equal((await exporter.export(new Date(), sample(1500, { b: 2, a: Number.NaN }), context)).status, 'ok')
  await exporter.export(new Date(), sample(2500.25, { a: 1 }), context)
  assert.equal(text, 'timestamp,metric,value\r\n1.500000,a,\r\n1.500000,b,2\r\n2.500250,a,1\r\n')
})

test('what cannot be written is for later, and told once', async () => {
  const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
  const { exporter, broken } = setUp(new Writable({ write: (_chunk, _encoding, done) => done(gone) }))
  for (let n = 0; n < 3; n++) {
    const result = await exporter.export(new Date(), sample(1000, { a: 1 }), context)
    assert.deepEqual(result, { status: 'retry', error: gone, scope: 'destination' })
  }
  assert.deepEqual(broken, [gone])
})
