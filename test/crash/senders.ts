import { setTimeout as pause } from 'node:timers/promises'
import { writeRequest } from '../../src/codecs/remote-write/protobuf.fixture.ts'
import { SnappyCompressor } from '../../src/codecs/snappy/snappy.ts'
import type { Oracle } from './oracle.ts'

export interface SendersOptions {
  readonly oracle: Oracle
  readonly random: () => number
  /** Of the receivers. */
  readonly urls: { readonly http: string; readonly remoteWrite: string }
  /** How long a sender rests after a request, at most. */
  readonly restMs: number
  readonly signal: AbortSignal
}

/** At most so many records a request. */
const mostRecords = 400
/** So many senders for each receiver, each with one request under way. */
const lanes = 3

/** Sends until the signal aborts, each record once, whatever is answered; resolves when no request is under way. */
export async function sendAll(options: SendersOptions): Promise<void> {
  const names = Array.from({ length: lanes }, (_, lane) => String(lane))
  await Promise.all([...names.map((lane) => send(options, lane, 'http')), ...names.map((lane) => send(options, lane, 'remoteWrite'))])
}

async function send({ oracle, random, urls, restMs, signal }: SendersOptions, lane: string, kind: 'http' | 'remoteWrite'): Promise<void> {
  const compressor = new SnappyCompressor()
  const startMs = Date.now()
  for (let request = 0; !signal.aborted; request++) {
    const numbers = oracle.take(1 + Math.floor(random() * mostRecords))
    const timeMs = startMs + request
    const { body, headers } = kind === 'http' ? jsonOf(numbers, { lane, timeMs }) : remoteWriteOf(numbers, { lane, timeMs, compressor })
    try {
      const response = await fetch(urls[kind], { method: 'POST', body, headers, signal: AbortSignal.timeout(10_000) })
      await response.arrayBuffer()
      oracle.answered(numbers, response.ok ? 'taken' : 'refused')
    } catch {
      // Nothing is known of these: they may arrive or not.
      await pause(50)
    }
    await pause(random() * restMs)
  }
}

interface Request {
  readonly body: string | Uint8Array<ArrayBuffer>
  readonly headers: Readonly<Record<string, string>>
}

const jsonOf = (numbers: readonly number[], { lane, timeMs }: { lane: string; timeMs: number }): Request => ({
  body: numbers
    .map((value, at) =>
      JSON.stringify({ name: 'crash.http', value, time: new Date(timeMs).toISOString(), labels: { lane, at: String(at) } }),
    )
    .join('\n'),
  headers: { 'content-type': 'application/x-ndjson' },
})

/** A request of remote write with these numbers, each of a series of its own. */
export const remoteWriteOf = (
  numbers: readonly number[],
  { lane, timeMs, compressor }: { lane: string; timeMs: number; compressor: SnappyCompressor },
): Request => ({
  body: new Uint8Array(
    compressor.compress(
      writeRequest(
        {
          timeseries: numbers.map((value, at) => ({
            labels: Object.entries({ __name__: 'crash_remote_write', at: String(at), lane }).map(([name, value]) => ({ name, value })),
            samples: [{ value, timestamp: timeMs }],
          })),
        },
        1,
      ),
    ),
  ),
  headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy', 'x-prometheus-remote-write-version': '0.1.0' },
})
