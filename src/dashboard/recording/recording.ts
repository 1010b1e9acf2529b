/** Recordings of the system monitor, read back: what the exporters `csv` (wide or long) and `json` wrote. */
import { createReadStream } from 'node:fs'
import { WaybillError } from '../../core/errors.ts'
import { partPaths } from '../../exporters/csv/part-files.ts'
import { csvSamples } from './csv-samples.ts'
import { jsonSamples } from './json-samples.ts'

/** What was measured at one time. */
export interface Sample {
  /** Milliseconds since the epoch; may have a fraction. */
  readonly timeMs: number
  /** By the metric's name. What was not measured, or is not a finite number, is not there. */
  readonly values: ReadonlyMap<string, number>
}

/** Says what is wrong at a line, counted from 1. */
export type Fault = (line: number, what: string) => WaybillError

/**
 * The samples of a recording, one by one, as its file has them, and then the parts in which a CSV goes on (`name.part2.csv`). The
 * format is told by the first character. Rejects with WaybillError `FILE_UNREADABLE`: when there is no such file, and at a line
 * that is no recording, after all samples before it.
 */
export async function* readRecording(path: string): AsyncGenerator<Sample> {
  for (const part of partPaths(path)) yield* readPart(part)
}

async function* readPart(path: string): AsyncGenerator<Sample> {
  const stream = createReadStream(path, 'utf8')
  try {
    yield* parseRecording(stream, path)
  } catch (thrown) {
    if (thrown instanceof WaybillError) throw thrown
    throw new WaybillError('FILE_UNREADABLE', `cannot read ${path} (${(thrown as NodeJS.ErrnoException).code})`, {
      hint: 'give the path of a recording made with --output csv or json',
      cause: thrown,
    })
  } finally {
    stream.destroy()
  }
}

/** The samples of a recording that comes in pieces of text. `path` is said in errors. */
export async function* parseRecording(text: AsyncIterable<string>, path: string): AsyncGenerator<Sample> {
  const fault: Fault = (line, what) =>
    new WaybillError('FILE_UNREADABLE', what, {
      at: `${path}:${line}`,
      hint: 'a recording is the wide or long CSV, or the JSON array, of waybill system; mend or remove the line to go on',
    })
  const pieces = text[Symbol.asyncIterator]()
  let head = ''
  while (head.trim() === '') {
    const { value, done } = await pieces.next()
    if (done) throw fault(1, 'there is nothing in it')
    head += value
  }
  const whole = (async function* () {
    yield head.replace(/^\ufeff/, '')
    yield* { [Symbol.asyncIterator]: () => pieces }
  })()
  yield* head.trimStart().startsWith('[') ? jsonSamples(whole, fault) : csvSamples(whole, fault)
}
