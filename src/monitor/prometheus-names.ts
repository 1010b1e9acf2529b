import { type Series, series } from '../core/series.ts'

/**
 * The name of a metric in Prometheus: small letters, digits and `_` for every other character, with `metric_` in front where it
 * would not begin with a letter.
 */
export function prometheusName(metric: string): string {
  const name = metric.toLowerCase().replace(/[^a-z0-9]/gu, '_')
  return /^[a-z]/.test(name) ? name : `metric_${name}`
}

/**
 * The series that metrics are exposed as. Where several come to one name it is the first one's; the others stand beside it with
 * their own name in the label `metric`.
 */
export class PrometheusNames {
  readonly #series = new Map<string, Series>()
  readonly #firsts = new Set<string>()

  /** The metrics that have a series. */
  names(): readonly string[] {
    return [...this.#series.keys()]
  }

  of(metric: string): Series {
    const known = this.#series.get(metric)
    if (known) return known
    const name = prometheusName(metric)
    const made = series(name, this.#firsts.has(name) ? { metric } : {}, { help: `Cubestat metric: ${metric}` })
    this.#firsts.add(name)
    this.#series.set(metric, made)
    return made
  }

  /** Forgets a metric that has ended, and answers what its series was. */
  end(metric: string): Series {
    const gone = this.of(metric)
    this.#series.delete(metric)
    if (gone.labels.length === 0) this.#firsts.delete(gone.name)
    return gone
  }
}
