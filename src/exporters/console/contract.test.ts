import { Writable } from 'node:stream'
import { test } from 'node:test'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { identifyPoints, identityLabel, samplePoints } from '../../testing/sample-points.ts'
import { ConsoleExporter } from './console.ts'

async function setup() {
  let text = ''
  let stalled = false
  const stream = new Writable({
    write(chunk, _encoding, done) {
      if (stalled) return
      text += chunk
      setImmediate(done)
    },
  })
  return {
    exporter: new ConsoleExporter({ stream }),
    time: new Date(0),
    batch: samplePoints,
    identify: identifyPoints,
    received: async () => {
      const lines = text.split('\n').slice(0, -1)
      return lines.map((line) => JSON.parse(line).labels[identityLabel])
    },
    breakDestination: async () => {
      stream.destroy()
    },
    stallDestination: async () => {
      stalled = true
    },
  }
}

for (const { name, run } of exporterContract(setup)) test(`console: ${name}`, run)
