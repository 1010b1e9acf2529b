import type { ByteWriter } from '../../core/index.ts'
import type { Field } from './fields.ts'

interface Line {
  readonly head: string
  readonly timeMs: number
  readonly fields: Map<string, number>
}

/**
 * Lines that are being put together: all fields of a measurement, tag set and time on one, in the order in which they came. A second
 * value of a field goes on a line after it, so that it is the one that counts.
 */
export class GroupedLines {
  readonly #lines: Line[] = []
  readonly #newest = new Map<number, Map<string, Line>>()

  /** `head` is the measurement with its tags, and the keys of the fields are escaped. */
  add(head: string, timeMs: number, fields: readonly Field[]): void {
    let newest = this.#newest.get(timeMs)
    if (!newest) {
      newest = new Map()
      this.#newest.set(timeMs, newest)
    }
    let line = newest.get(head)
    if (!line || fields.some(([key]) => line!.fields.has(key))) {
      line = { head, timeMs, fields: new Map() }
      newest.set(head, line)
      this.#lines.push(line)
    }
    for (const [key, value] of fields) line.fields.set(key, value)
  }

  /** `end` makes what follows the fields: the time and the end of the line. */
  write(writer: ByteWriter, end: (timeMs: number) => Uint8Array): void {
    for (const { head, timeMs, fields } of this.#lines) {
      writer.text(head)
      let separator = ' '
      for (const [key, value] of fields) {
        writer.text(`${separator}${key}=`)
        writer.number(value)
        separator = ','
      }
      writer.bytes(end(timeMs))
    }
  }
}
