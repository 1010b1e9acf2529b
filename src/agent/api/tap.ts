import type { ServerResponse } from 'node:http'
import { JsonLinesEncoder } from '../../codecs/jsonl/jsonl.ts'
import type { Batch } from '../../core/batch.ts'
import { batchRecords } from '../../core/batch-records.ts'
import type { Agent } from '../agent.ts'
import type { TapKind } from '../taps.ts'

/** How much may wait for a slow reader; what does not fit is left out, and counted. */
const mostBytes = 1 << 20

/** The kind of what has that name: an exporter, else a pipeline; undefined when nothing has. */
export function tapKindOf({ instances }: Agent, name: string): TapKind | undefined {
  if (instances.exporters.get(name)) return 'exporter'
  return instances.pipelines.some((pipeline) => pipeline.name === name) ? 'pipeline' : undefined
}

/** Writes what passes as JSON lines, a record each, until the reader goes away. A line `{"skipped":n}` stands for what it was too slow for. */
export function streamTap(agent: Agent, kind: TapKind, name: string, response: ServerResponse): void {
  const encoder = new JsonLinesEncoder()
  let skipped = 0
  const end = agent.taps.listen(kind, name, (batch: Batch) => {
    if (response.writableLength > mostBytes) {
      skipped += batchRecords.count(batch)
      return
    }
    if (skipped > 0) response.write(`${JSON.stringify({ skipped })}\n`)
    skipped = 0
    response.write(encoder.encode(batch))
  })
  response.once('close', end)
  response.writeHead(200, { 'content-type': encoder.contentType })
  response.flushHeaders()
}
