/** A server of this machine that takes remote writes as Prometheus does, and what it has been given. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { type ReadRequest, type ReadSeries, readRequest } from '../../codecs/remote-write/protobuf.fixture.ts'
import { uncompress } from '../../codecs/snappy/snappy.ts'
import { type ServerOptions, startServer, type TestServer } from '../../http/server.fixture.ts'

export interface RemoteWriteServer extends TestServer {
  readonly writes: readonly ReadRequest[]
  /** Each sample that was taken: its series and its time. */
  readonly stored: readonly { readonly labels: ReadSeries['labels']; readonly timestamp: number; readonly value: number }[]
  /** Whether a series is refused. */
  refuse: (labels: ReadSeries['labels']) => boolean
  /** In place of the usual answer, when it answers true. */
  answerInstead: (request: IncomingMessage, response: ServerResponse) => boolean
}

const contentTypes = { 'application/x-protobuf': 1, 'application/x-protobuf;proto=io.prometheus.write.v2.Request': 2 } as const

/** Ends with the test. It answers like Prometheus 3: what it wrote in headers, 400 when that is not all. */
export async function startRemoteWrite(t: Pick<TestContext, 'after'>, options: ServerOptions = {}): Promise<RemoteWriteServer> {
  const stored: RemoteWriteServer['stored'][number][] = []
  const writes: ReadRequest[] = []
  const server = await startServer(
    t as TestContext,
    (request, response) => {
      if (remote.answerInstead(request, response)) return
      const { headers, body } = server.requests.at(-1)!
      const version = contentTypes[headers['content-type'] as keyof typeof contentTypes]
      if (!version || headers['content-encoding'] !== 'snappy') return void response.writeHead(415).end()
      const read = readRequest(uncompress(body, 1 << 26), version)
      writes.push(read)
      const counts = { samples: 0, histograms: 0, exemplars: 0, refused: 0 }
      for (const { labels, samples = [], histograms = [], exemplars = [] } of read.series) {
        if (remote.refuse(labels)) {
          counts.refused += samples.length + histograms.length
          continue
        }
        for (const { timestamp, value = 0 } of samples) stored.push({ labels, timestamp, value })
        counts.samples += samples.length
        counts.histograms += histograms.length
        counts.exemplars += exemplars.length
      }
      const told = {
        'X-Prometheus-Remote-Write-Samples-Written': counts.samples,
        'X-Prometheus-Remote-Write-Histograms-Written': counts.histograms,
        'X-Prometheus-Remote-Write-Exemplars-Written': counts.exemplars,
      }
      if (counts.refused === 0) response.writeHead(204, told).end()
      else response.writeHead(400, told).end(`${counts.refused} samples are out of order`)
    },
    options,
  )
  const remote: RemoteWriteServer = Object.assign(server, { writes, stored, refuse: () => false, answerInstead: () => false })
  return remote
}
