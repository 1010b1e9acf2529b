import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { identifyPoints, identityLabel, samplePoints } from '../../testing/sample-points.ts'
import { HttpExporter, type HttpExporterOptions } from './http.ts'

async function setup(options: Partial<HttpExporterOptions>) {
  const received: string[] = []
  let stalled = false
  const server = createServer(async (request, response) => {
    const text = (await request.toArray()).join('')
    if (stalled) return
    for (const { labels } of JSON.parse(text)) received.push(labels[identityLabel])
    response.writeHead(204, { connection: 'close' }).end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const close = async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  return {
    exporter: new HttpExporter({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, ...options }),
    time: new Date(0),
    batch: samplePoints,
    identify: identifyPoints,
    received: async () => received,
    breakDestination: close,
    stallDestination: async () => {
      stalled = true
    },
    close: async () => {
      if (server.listening) await close()
    },
  }
}

for (const { name, run } of exporterContract(() => setup({}))) test(`http: ${name}`, run)
