import { rename, writeFile } from 'node:fs/promises'
import { formatMsLocal } from '../../codecs/text/local-time.ts'
import { microseconds } from '../../codecs/text/microseconds.ts'
import { formatMs } from '../../codecs/text/rfc3339.ts'
import { type Sample, samplesOf } from '../../codecs/text/samples.ts'
import { readyFor } from '../../files/ready-for.ts'
import type { Recording } from '../../files/recording-exporter.ts'
import { TailedFile } from '../../files/tailed-file.ts'
import type { Log, Point, Rejection, Series } from '../../sdk.ts'
import { scanArray } from './array-scan.ts'

export interface JsonArrayOptions {
  readonly path: string
  /** Whether what an earlier run wrote is written on; else the first element replaces it. */
  readonly append: boolean
  /** Whether elements are indented, as by `JSON.stringify(array, null, 2)`. */
  readonly pretty: boolean
  readonly timeZone: 'utc' | 'local'
  /** The key of a series. */
  nameOf(series: Series): string
  /** Whether elements are on the device before they count as written. */
  readonly sync: boolean
}

const begin = '['
const ending = '\n]\n'

/** A file that is a JSON array of samples. It grows by one write over its closing bracket, which brings the next one. */
export class JsonArray implements Recording {
  readonly #options: JsonArrayOptions
  #file: TailedFile | undefined
  #isEmpty = true
  /** Whether this array has written anything: from then on nothing is replaced. */
  #begun = false

  constructor(options: JsonArrayOptions) {
    this.#options = options
  }

  get path(): string {
    return this.#options.path
  }

  async open(log: Log): Promise<void> {
    await readyFor(this.path)
    this.#file ??= await this.#resume(log)
  }

  async append(points: readonly Point[], log: Log): Promise<readonly Rejection[]> {
    const elements = samplesOf(points, this.#options.nameOf).map((sample) => this.#element(sample))
    if (this.#file && !(await this.#file.isUsable())) await this.close(log)
    this.#file ??= (await this.#resume(log)) ?? (await this.#begin())
    await this.#file.append(`${this.#isEmpty ? '' : ','}\n${elements.join(',\n')}`, { durable: this.#options.sync })
    this.#isEmpty = false
    this.#begun = true
    return []
  }

  async sync(): Promise<void> {
    await this.#file?.sync()
  }

  /** What is in the file was written before: that it does not close well is no concern of the next element. */
  async close(log: Log): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await file?.close().catch((error: unknown) => log.warn('a file did not close well', { path: file.path, error }))
  }

  #element({ timeMs, values }: Sample): string {
    const { pretty, timeZone } = this.#options
    const time = timeZone === 'utc' ? formatMs(timeMs) : formatMsLocal(timeMs)
    const element = { timestamp: microseconds(timeMs) / 1e6, time, metrics: Object.fromEntries(values) }
    return pretty ? JSON.stringify(element, null, 2).replace(/^/gm, '  ') : JSON.stringify(element)
  }

  /** The array that there is, to write on; undefined where there is none, or it is to be replaced. */
  async #resume(log: Log): Promise<TailedFile | undefined> {
    const { path, append } = this.#options
    const scan = append || this.#begun ? await scanArray(path) : undefined
    if (!scan) return undefined
    const { end, elements, size, torn } = scan
    const file = await TailedFile.open(path, { length: end, ending, clean: torn || size !== end + ending.length })
    if (torn) log.warn('a write had been cut off: its rest was removed, the elements before it are kept', { path, elements })
    this.#isEmpty = elements === 0
    return file
  }

  /** An empty array in place of what there may be, at once. */
  async #begin(): Promise<TailedFile> {
    const { path } = this.#options
    const next = `${path}.new`
    await readyFor(path)
    await writeFile(next, begin + ending)
    await rename(next, path)
    this.#isEmpty = true
    return TailedFile.open(path, { length: begin.length, ending, clean: false })
  }
}
