import { addLabel, type Labels, labelsOf } from '../../codecs/prometheus-text/labels.ts'
import { type Describe, type Resource, type Series, SeriesCache, series } from '../../sdk.ts'
import type { Config } from './config.ts'

export interface MappingOptions extends Pick<Config, 'metricsMapping' | 'additionalLabels' | 'resourceAttributes'> {
  /** Labels of a group of metrics, which has them in place of its series: what these have under the names is called `exported_…`. */
  readonly groupLabels?: readonly string[]
}

/** What series are called in Prometheus by the word of the user, or in a group that has labels of its own. Each is worked out once. */
export class MappedSeries {
  readonly #options: MappingOptions
  readonly #mapped = new SeriesCache((given) => this.#map(given))

  constructor(options: MappingOptions) {
    this.#options = options
  }

  /** Undefined when the user names others to be exported. */
  of(given: Series): Series | undefined {
    return this.#mapped.get(given)
  }

  #map(given: Series): Series | undefined {
    const { metricsMapping: mapping, groupLabels } = this.#options
    const labels = Object.fromEntries(this.#labelsOf(given))
    const { name, kind, temporality, monotonic, unit, help, resource } = given
    const counting: Describe = { ...(temporality && { temporality }), ...(monotonic !== undefined && { monotonic }) }
    // A group tells of its target by its own labels.
    const target: { resource?: Resource } = resource && !groupLabels ? { resource } : {}
    if (!mapping) return series(name, labels, { kind, ...counting, ...target, ...(unit && { unit }), help: help || name })
    const metric = Object.hasOwn(mapping, name) ? mapping[name]! : undefined
    return metric && series(metric.name, labels, { kind: metric.type ?? kind, ...counting, ...target, help: metric.help || help || name })
  }

  #labelsOf(given: Series): Labels {
    const { additionalLabels, resourceAttributes, groupLabels = [] } = this.#options
    const labels: Labels = new Map()
    for (const [name, value] of labelsOf(given, given.kind, resourceAttributes))
      addLabel(labels, groupLabels.includes(name) ? `exported_${name}` : name, value)
    for (const [name, value] of Object.entries(additionalLabels)) if (!labels.has(name)) addLabel(labels, name, value)
    return labels
  }
}
