import { isSummary, type PointValue, type Series } from '../../core/index.ts'
import { unitWord } from './units.ts'

export type FamilyType = 'gauge' | 'counter' | 'histogram' | 'summary'

/** What Prometheus puts under one HELP and TYPE. */
export interface Family {
  /** Without the suffixes of samples: of a counter, without `_total`. */
  readonly name: string
  readonly type: FamilyType
  /** Empty when the name does not end in one. */
  readonly unit: string
  readonly help: string
}

/** What names a family may have, and prefixes of them. */
export const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/

/**
 * The family of a series, named as OpenTelemetry's specification says (compatibility/prometheus_and_openmetrics.md): characters
 * that a name cannot have become one `_`, then the unit, then, in the samples of counters, `_total`. A name that Prometheus could
 * have keeps every letter. Any other name of a gauge that ends like a counter's or a histogram's sample gets `_value` behind it.
 * Undefined when nothing of the name can be said in Prometheus.
 */
export function familyOf({ name, kind, monotonic, unit = '', help }: Series, prefix = ''): Family | undefined {
  const legal = metricName.test(name)
  const type = kind === 'counter' && monotonic === false ? 'gauge' : kind
  let base = legal
    ? name
    : name
        .split(/[^a-zA-Z0-9:]+/)
        .filter(Boolean)
        .join('_')
  if (base === '') return undefined
  if (type === 'counter') base = base.replace(/(?<=.)_total$/, '')
  const word = kind === 'gauge' && unit === '1' ? 'ratio' : unitWord(unit)
  if (word && base !== word && !base.endsWith(`_${word}`)) base += `_${word}`
  if (type === 'gauge' && !legal && /_(total|count|sum|bucket)$/.test(base)) base += '_value'
  if (prefix) base = `${prefix.replace(/_$/, '')}_${base}`
  return { name: /^\d/.test(base) ? `_${base}` : base, type, unit: base.endsWith(`_${word}`) ? word : '', help: help || name }
}

const suffixes: Readonly<Record<FamilyType, readonly string[]>> = {
  gauge: [''],
  counter: ['', '_total', '_created'],
  histogram: ['', '_bucket', '_count', '_sum', '_created'],
  summary: ['', '_count', '_sum', '_created'],
}

/** Every name that samples of the family can have in either format. Those of two families in one exposition must not meet. */
export const sampleNames = ({ name, type }: Family): readonly string[] => suffixes[type].map((suffix) => name + suffix)

/** Why `value` cannot be one of `type`; undefined when it can. */
export function mismatch(type: FamilyType, value: PointValue): Error | undefined {
  const form = typeof value === 'number' ? 'number' : isSummary(value) ? 'summary' : 'histogram'
  const wanted = type === 'histogram' || type === 'summary' ? type : 'number'
  return form === wanted ? undefined : new Error(`the value of a ${type} is a ${wanted}, not a ${form}`)
}

/** Why a series without a family cannot be exposed. */
export const unnameable = new Error('nothing of the name can be said in Prometheus: it has no letter from a to z and no digit')
