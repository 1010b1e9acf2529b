/** A receiver on this machine, and a sender to it. */
import type { TestContext } from 'node:test'
import { SnappyCompressor } from '../../codecs/snappy/snappy.ts'
import { type Batch, createContext, type Emit, type ExportResult, ok, recordsOf } from '../../sdk.ts'
import { PrometheusRemoteWriteReceiver, type PrometheusRemoteWriteReceiverOptions } from './prometheus_remote_write.ts'

export const contentTypes = {
  1: 'application/x-protobuf',
  2: 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
} as const

const compressor = new SnappyCompressor()

export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Samples, histograms and exemplars. */
  readonly written: readonly (number | undefined)[]
}

/** Listens on a free port until the test ends, and answers what it is told. */
export async function receiving(t: TestContext, options: PrometheusRemoteWriteReceiverOptions = {}) {
  const batches: Batch[] = []
  const receiver = new PrometheusRemoteWriteReceiver({ listen: '127.0.0.1:0', ...options })
  const state = {
    receiver,
    batches,
    answer: (): ExportResult | Promise<ExportResult> => ok,
    records: () => batches.flatMap(recordsOf),
    url: '',
    send,
  }
  const emit: Emit = async (batch) => {
    batches.push(batch)
    return state.answer()
  }
  await receiver.listen(emit, createContext())
  t.after(() => receiver.stop({ signal: AbortSignal.abort() }))
  state.url = `http://127.0.0.1:${receiver.address()!.port}/api/v1/write`
  return state

  async function send(body: Uint8Array, headers: Record<string, string> = {}): Promise<Answered> {
    const packed = headers['content-encoding'] === undefined ? compressor.compress(body) : body
    const response = await fetch(state.url, {
      method: 'POST',
      headers: { 'content-type': contentTypes[1], 'content-encoding': 'snappy', ...headers },
      body: packed,
    })
    const written = ['samples', 'histograms', 'exemplars'].map((what) => {
      const header = response.headers.get(`x-prometheus-remote-write-${what}-written`)
      return header === null ? undefined : Number(header)
    })
    return { status: response.status, headers: response.headers, text: await response.text(), written }
  }
}
