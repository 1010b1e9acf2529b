import { type Kind, type Resource, type Series, series } from '../../../core/index.ts'
import { unitOf } from '../units.ts'
import { Distribution, type Part } from './distribution.ts'
import { type Families, familyOfSample } from './header-line.ts'
import { numberIn, type SampleKey } from './sample-line.ts'

/** What a sample gives: a point of its own, a part of a distribution, or the time when its series began. */
export interface Target {
  readonly series: Series
  readonly distribution: Distribution | undefined
  readonly part: Part | undefined
  readonly isStart: boolean
}

/** Finds what the samples of an exposition give. */
export class Targets {
  readonly #resource: Resource | undefined
  readonly #distributions = new WeakMap<Series, Distribution>()

  constructor(resource: Resource | undefined) {
    this.#resource = resource
  }

  /** Throws SyntaxError for a sample that is none of its family. */
  of({ name, labels }: SampleKey, families: Families): Target {
    const { head, suffix } = familyOfSample(name, families)
    const { type, help, unit } = head
    const seriesOf = (name: string, labels: SampleKey['labels'], kind: Kind): Series =>
      series(name, labels, {
        kind,
        ...(help && { help }),
        ...(unit && { unit: unitOf(unit) ?? unit }),
        ...(this.#resource && { resource: this.#resource }),
      })
    if (type === 'histogram' || type === 'summary') {
      const bound = type === 'histogram' ? 'le' : 'quantile'
      const { [bound]: text, ...others } = labels
      const own = seriesOf(head.name, others, type)
      if (suffix === '_created') return plain(own, true)
      if (suffix === '_sum' || suffix === '_count')
        return this.#part(seriesOf(head.name, labels, type), suffix === '_sum' ? 'sum' : 'count')
      if ((type === 'histogram') !== (suffix === '_bucket')) throw new SyntaxError(`the ${type} ${head.name} has no such sample`)
      if (text === undefined) throw new SyntaxError(`it has no label ${bound}`)
      const limit = numberIn(text)
      if (Number.isNaN(limit)) throw new SyntaxError(`its label ${bound} is no number`)
      return this.#part(own, limit)
    }
    if (type === 'counter' && suffix === '_created') return plain(seriesOf(`${head.name}_total`, labels, 'counter'), true)
    return plain(seriesOf(name, labels, type === 'counter' ? 'counter' : 'gauge'))
  }

  #part(series: Series, part: Part): Target {
    let distribution = this.#distributions.get(series)
    if (!distribution) {
      distribution = new Distribution(series)
      this.#distributions.set(series, distribution)
    }
    return { series, distribution, part, isStart: false }
  }
}

const plain = (series: Series, isStart = false): Target => ({ series, distribution: undefined, part: undefined, isStart })
