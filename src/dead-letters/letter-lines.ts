import { createReadStream } from 'node:fs'

/** A line of a file, and where the next one begins. */
export interface LineAt {
  readonly text: string
  readonly end: number
}

/**
 * The lines of a file up to `bytes` of it, without their ends; holds one piece of the file at a time. What has no end of line is not
 * a line: it was being written when its process ended. A file that is not there has none.
 */
export async function* linesOf(path: string, bytes = Number.POSITIVE_INFINITY): AsyncGenerator<LineAt> {
  if (bytes <= 0) return
  let rest: Buffer[] = []
  let at = 0
  try {
    for await (const chunk of createReadStream(path, { end: bytes - 1 }) as AsyncIterable<Buffer>) {
      let start = 0
      for (let end = chunk.indexOf(lineEnd); end >= 0; end = chunk.indexOf(lineEnd, start)) {
        const line = Buffer.concat([...rest, chunk.subarray(start, end)])
        rest = []
        at += line.length + 1
        start = end + 1
        yield { text: line.toString(), end: at }
      }
      if (start < chunk.length) rest.push(chunk.subarray(start))
    }
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
  }
}

const lineEnd = 0x0a
