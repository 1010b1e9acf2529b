import type { Exemplar } from '../../core/index.ts'
import { addLabel, attributeText, type Labels, labelsText } from './labels.ts'
import { numberText, secondsText } from './number.ts'

/** OpenMetrics 1.0: names and values of an exemplar's labels together have at most so many characters. */
const limit = 128

/** An exemplar as it stands behind a sample in OpenMetrics. */
export function exemplarText(exemplar: Exemplar): string {
  const { value, timeMs } = exemplar
  return ` # {${labelsText(exemplarLabels(exemplar))}} ${numberText(value)}${timeMs === undefined ? '' : ` ${secondsText(timeMs)}`}`
}

/** The labels of an exemplar. The trace and span come first; those that no longer fit are left out. */
export function exemplarLabels({ labels = {}, attributes = {}, traceId = '', spanId = '' }: Exemplar): Labels {
  const wanted: Labels = new Map()
  addLabel(wanted, 'trace_id', traceId)
  addLabel(wanted, 'span_id', spanId)
  for (const [name, text] of Object.entries(labels)) addLabel(wanted, name, text)
  for (const [name, attribute] of Object.entries(attributes)) addLabel(wanted, name, attributeText(attribute))
  const fitting: Labels = new Map()
  let length = 0
  for (const [name, text] of wanted) {
    const more = name.length + [...text].length
    if (length + more > limit) continue
    fitting.set(name, text)
    length += more
  }
  return fitting
}

/** The largest exemplar of those above `above` and up to `upTo`, in which a bucket has one; undefined when there is none. */
export function largestIn(exemplars: readonly Exemplar[], above: number, upTo: number): Exemplar | undefined {
  let largest: Exemplar | undefined
  for (const exemplar of exemplars) {
    if (exemplar.value > above && exemplar.value <= upTo && !(largest && largest.value >= exemplar.value)) largest = exemplar
  }
  return largest
}
