import { type IncomingHttpHeaders, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'

export interface Scraped {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** As it came. */
  readonly bytes: Buffer
  /** Uncompressed. */
  readonly text: string
}

/** One request on a connection of its own. */
export function scrape(url: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<Scraped> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, method, agent: false }, async (response) => {
      const bytes = await buffer(response)
      const compressed = response.headers['content-encoding'] === 'gzip' && bytes.length > 0
      const text = String(compressed ? gunzipSync(bytes) : bytes)
      resolve({ status: response.statusCode!, headers: response.headers, bytes, text })
    })
    sent.on('error', reject).end()
  })
}

/** The lines of an exposition that are samples, without what the exporter says of itself. */
export const samplesOf = (text: string): readonly string[] =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('waybill_prometheus_'))
