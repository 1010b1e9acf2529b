import { microseconds } from '../../codecs/text/microseconds.ts'
import type { Fault, Sample } from './recording.ts'

/**
 * The samples of a JSON recording: an array of `{ timestamp, time, metrics }` with the timestamp in seconds since the epoch. Read
 * element by element, however long it is.
 */
export async function* jsonSamples(text: AsyncIterable<string>, fault: Fault): AsyncGenerator<Sample> {
  for await (const { line, json } of elementsOf(text, fault)) {
    let element: unknown
    try {
      element = JSON.parse(json)
    } catch {
      throw fault(line, 'the element that begins here is not JSON')
    }
    yield sampleOf(element, (what) => fault(line, what))
  }
}

function sampleOf(element: unknown, fault: (what: string) => Error): Sample {
  const { timestamp, metrics } = element as { timestamp?: unknown; metrics?: unknown }
  if (typeof timestamp !== 'number') throw fault('the element that begins here has no number "timestamp"')
  if (typeof metrics !== 'object' || metrics === null || Array.isArray(metrics))
    throw fault('the element that begins here has no object "metrics"')
  const values = new Map<string, number>()
  for (const [name, value] of Object.entries(metrics)) {
    if (typeof value === 'number') values.set(name, value)
    else if (value !== null) throw fault(`the value of ${name} in the element that begins here is not a number`)
  }
  return { timeMs: microseconds(timestamp * 1000) / 1000, values }
}

interface Element {
  /** On which it begins. */
  readonly line: number
  readonly json: string
}

/** The objects of an array, cut by their braces; what is inside them is not looked at. */
async function* elementsOf(text: AsyncIterable<string>, fault: Fault): AsyncGenerator<Element> {
  /** The characters that may come next outside of an element. */
  let allowed = '['
  let line = 1
  let begunOn = 1
  let json = ''
  let depth = 0
  let place: 'value' | 'string' | 'after backslash' = 'value'
  for await (const piece of text) {
    let begin = 0
    for (let index = 0; index < piece.length; index++) {
      const character = piece[index]!
      if (character === '\n') line++
      if (place === 'after backslash') place = 'string'
      else if (place === 'string') place = character === '\\' ? 'after backslash' : character === '"' ? 'value' : place
      else if (depth > 0) {
        if (character === '"') place = 'string'
        else if (character === '{') depth++
        else if (character === '}' && --depth === 0) {
          yield { line: begunOn, json: json + piece.slice(begin, index + 1) }
          json = ''
          allowed = ',]'
        }
      } else if (character.trim() !== '') {
        if (!allowed.includes(character)) throw fault(line, `${JSON.stringify(character)} does not belong here in an array of objects`)
        if (character === '{') {
          begin = index
          begunOn = line
          depth = 1
        } else allowed = character === '[' ? '{]' : character === ',' ? '{' : ''
      }
    }
    if (depth > 0) json += piece.slice(begin)
  }
  if (depth > 0) throw fault(begunOn, 'the file ends within the element that begins here')
  if (allowed !== '') throw fault(line, 'the file ends before its array does')
}
