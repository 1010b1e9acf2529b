import { rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Batch } from '../core/batch.ts'
import { ByteWriter } from '../core/byte-writer.ts'
import type { DeadLetter } from '../core/context.ts'
import type { Log } from '../core/log.ts'
import { DurableFile } from './durable-file.ts'
import { countOf, type Letter, LetterReader, placeOf, writeLetters } from './letter.ts'
import { linesOf } from './letter-lines.ts'
import { type Settled, Tally } from './tally.ts'

/** One entry of the file beside the letters that says what became of them. */
interface Settlement {
  readonly state: Settled
  /** The exporter that a replay gave them to. */
  readonly to?: string
  readonly at: string
  readonly letters: readonly number[]
}

/** The names of the two files that a number has: letters, and what became of them. */
const lettersName = (number: number): string => `letters-${String(number).padStart(8, '0')}.jsonl`
const settledName = (number: number): string => `settled-${String(number).padStart(8, '0')}.jsonl`

/** What the name of a file in the folder of a store tells; undefined for those of others. */
export function fileOf(name: string): { readonly kind: 'letters' | 'settled' | 'unreadable'; readonly number: number } | undefined {
  const match = /^(letters|settled)-(\d{8,15})\.jsonl(\.unreadable)?$/.exec(name)
  return match ? { kind: match[3] ? 'unreadable' : (match[1] as 'letters' | 'settled'), number: Number(match[2]) } : undefined
}

/** One file of letters with the file beside it that tells which of them no longer wait. */
export class LetterFile {
  readonly number: number
  readonly tally = new Tally()
  readonly #path: string
  readonly #settledPath: string
  #letters: DurableFile
  #settlements: DurableFile
  readonly #settled = new Map<number, Settled>()
  #count = 0
  #unreadable = 0
  #lastMs = Number.NEGATIVE_INFINITY

  constructor(directory: string, number: number) {
    this.number = number
    this.#path = join(directory, lettersName(number))
    this.#letters = new DurableFile(this.#path)
    this.#settledPath = join(directory, settledName(number))
    this.#settlements = new DurableFile(this.#settledPath)
  }

  get bytes(): number {
    return this.#letters.bytes
  }

  /** When the last of the letters was given up. */
  get lastMs(): number {
    return this.#lastMs
  }

  /** Reads what another process left. What cannot be read is told, and stays where it is. */
  async scan(log: Log): Promise<void> {
    await this.#scanSettlements(log)
    const reader = new LetterReader()
    let end = 0
    for await (const line of linesOf(this.#path)) {
      end = line.end
      const letter = readable(reader, line.text)
      if (!letter) {
        this.#unreadable++
        log.error('a dead letter cannot be read; its file is kept', { file: this.#path, end })
        continue
      }
      this.#count = Math.max(this.#count, placeOf(letter.id)!.index + 1)
      this.#lastMs = Math.max(this.#lastMs, letter.lastMs)
      this.tally.add(letter.exporter, 'written', 1)
      this.tally.add(letter.exporter, this.#settled.get(placeOf(letter.id)!.index) ?? 'waiting', 1)
    }
    this.#letters = new DurableFile(this.#path, end)
    const torn = (await stat(this.#path)).size - end
    if (torn > 0) log.warn('a dead letter was being written when its process ended: it did not count', { file: this.#path, bytes: torn })
  }

  /** Resolves when a letter for each record is on the device. */
  async append(time: Date, batch: Batch, letter: DeadLetter, nowMs: number): Promise<void> {
    const writer = new ByteWriter()
    writeLetters(writer, batch, letter, { file: this.number, index: this.#count, time, nowMs })
    await this.#letters.append(writer.view())
    const count = countOf(batch)
    this.#count += count
    this.#lastMs = nowMs
    this.tally.add(letter.exporter, 'written', count)
    this.tally.add(letter.exporter, 'waiting', count)
  }

  /** Those that wait, up to `bytes` of the file. */
  async *read(reader: LetterReader, bytes: number): AsyncGenerator<Letter> {
    for await (const { text } of linesOf(this.#path, bytes)) {
      const letter = readable(reader, text)
      if (letter && !this.isSettled(letter)) yield letter
    }
  }

  isSettled = ({ id }: Pick<Letter, 'id'>): boolean => this.#settled.has(placeOf(id)?.index ?? -1)

  /** Notes on the device that those letters no longer wait; gives how many did. */
  async settle(letters: readonly Letter[], state: Settled, { nowMs, to }: { nowMs: number; to?: string | undefined }): Promise<number> {
    const waiting = letters.filter((letter) => !this.isSettled(letter))
    if (waiting.length === 0) return 0
    const indexes = waiting.map(({ id }) => placeOf(id)!.index)
    const entry: Settlement = { state, ...(to !== undefined && { to }), at: new Date(nowMs).toISOString(), letters: indexes }
    await this.#settlements.append(Buffer.from(`${JSON.stringify(entry)}\n`))
    for (const index of indexes) this.#settled.set(index, state)
    for (const { exporter } of waiting) {
      this.tally.add(exporter, 'waiting', -1)
      this.tally.add(exporter, state, 1)
    }
    return waiting.length
  }

  async close(): Promise<void> {
    await Promise.all([this.#letters.close(), this.#settlements.close()])
  }

  /** Removes both files. What cannot be read is kept under another name, for a person to look at. */
  async remove(): Promise<void> {
    await this.close()
    if (this.#unreadable > 0) await rename(this.#path, `${this.#path}.unreadable`)
    else await rm(this.#path, { force: true })
    await rm(this.#settledPath, { force: true })
  }

  async #scanSettlements(log: Log): Promise<void> {
    let end = 0
    for await (const line of linesOf(this.#settledPath)) {
      end = line.end
      try {
        const { state, letters } = JSON.parse(line.text) as Settlement
        for (const index of letters) this.#settled.set(index, state)
      } catch (error) {
        log.error('what became of some dead letters cannot be read: they wait again', { file: this.#settledPath, error: error as Error })
      }
    }
    this.#settlements = new DurableFile(this.#settledPath, end)
  }
}

function readable(reader: LetterReader, text: string): Letter | undefined {
  try {
    return reader.read(text)
  } catch {
    return undefined
  }
}
