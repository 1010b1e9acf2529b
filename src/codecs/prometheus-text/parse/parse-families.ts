import type { PrometheusFormat } from '../prometheus-text.ts'
import { addHead, type Families, type FamilyHead, familyOfSample, type MetricType, readHeader } from './header-line.ts'
import { type LineProblem, Problems } from './problems.ts'
import { readKey, readValue, type SampleKey, type SampleValue, valueStart } from './sample-line.ts'

/** Samples as they were exposed, with what was said of their family. */
export interface SampleFamily {
  readonly name: string
  /** `untyped` where nothing was said. */
  readonly type: MetricType
  readonly help: string
  readonly unit: string
  readonly samples: readonly Sample[]
}

export interface Sample extends SampleKey, SampleValue {}

export interface ParsedFamilies {
  readonly families: readonly SampleFamily[]
  /** Why lines were left out: the first of them. */
  readonly problems: readonly LineProblem[]
  /** How many lines were left out. */
  readonly skipped: number
}

/** Reads an exposition into families of samples, a histogram as its buckets, sum and count. Never throws: what cannot be read is told. */
export function parseFamilies(bytes: Uint8Array, format: PrometheusFormat = 'text'): ParsedFamilies {
  const problems = new Problems()
  const heads: Families = new Map()
  const samples = new Map<string, Sample[]>()
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1').split('\n')
  let ended = false
  for (const [index, line] of lines.entries()) {
    if (line === '' || line === '\r') continue
    problems.attempt(index + 1, () => {
      if (ended) throw new SyntaxError('it stands behind # EOF')
      if (/^[ \t]*#/.test(line)) {
        const head = readHeader(line, format)
        if (head === 'end') ended = true
        else if (head) addHead(heads, head)
      } else if (line.trim() !== '') {
        const start = valueStart(line)
        const sample = { ...readKey(line.slice(0, start)), ...readValue(line.slice(start), format) }
        const { name } = familyOfSample(sample.name, heads).head
        const others = samples.get(name)
        if (others) others.push(sample)
        else samples.set(name, [sample])
      }
    })
  }
  if (format === 'openmetrics' && !ended) problems.add(lines.length, breaksOff)
  const names = new Set([...heads.keys(), ...samples.keys()])
  const families = [...names].map((name) => familyFrom(heads.get(name) ?? { name }, samples.get(name) ?? []))
  return { families, problems: problems.list, skipped: problems.count }
}

/** What is wrong with an exposition of OpenMetrics without its end. */
export const breaksOff = 'there is no # EOF: the text breaks off'

const familyFrom = ({ name, type = 'untyped', help = '', unit = '' }: FamilyHead, samples: readonly Sample[]): SampleFamily => ({
  name,
  type,
  help,
  unit,
  samples,
})
