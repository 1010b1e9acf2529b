import { deviceSource } from '../../src/arrays/collection/device-source.ts'
import fake from '../../src/arrays/drivers/fake/fake.ts'
import { pointsOf } from '../../src/arrays/third-party/metric-data.ts'
import { JsonLinesEncoder } from '../../src/codecs/jsonl/jsonl.ts'
import { RemoteWriteEncoder } from '../../src/codecs/remote-write/remote-write.ts'
import { SnappyCompressor } from '../../src/codecs/snappy/compress.ts'
import { createContext, metrics, type Point } from '../../src/core/index.ts'
import { createTestHost } from '../../src/testing/test-host.ts'

const batchPoints = 5000
const minuteMs = 60_000

/** CPU seconds to encode so many points of a made-up array as JSON lines and as compressed remote write. */
export async function encodingSeconds(count: number): Promise<number> {
  const access = { rest: { host: '10.0.0.1', port: 80, username: 'me', password: 'secret' } }
  const array = { id: 'a', name: 'fake_driver', vendor: 'fake_vendor', model: 'fake_model', serial_number: 'S' }
  const device = await fake.connect({ id: array.id, access, host: createTestHost() })
  const labels = { storage_id: array.id, storage_name: array.name, serial_number: array.serial_number }
  const endMs = Math.floor(Date.now() / minuteMs) * minuteMs
  const points: Point[] = []
  for await (const portion of deviceSource(array, device).measured({ startMs: endMs - 16 * minuteMs, endMs }, createContext()))
    for (const metric of portion) for (const point of pointsOf(metric, labels)) points.push(point)

  const [lines, remoteWrite, snappy] = [new JsonLinesEncoder(), new RemoteWriteEncoder(), new SnappyCompressor()]
  const before = process.cpuUsage()
  for (let from = 0; from < count; from += batchPoints) {
    const batch = metrics(points.slice(from, from + batchPoints))
    lines.encode(batch)
    snappy.compress(remoteWrite.encode(batch))
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
