import type { AttributeValue, Resource, Series } from '../../core/index.ts'
import { jsonText } from '../text/json-value.ts'
import { escapeValue } from './escape.ts'
import type { FamilyType } from './family.ts'

/** By name, as Prometheus has them. */
export type Labels = Map<string, string>

/**
 * A name that Prometheus takes for a label: characters that it cannot have, and underscores in a row, become one `_`. A name that
 * it could have is kept, but for two underscores in front, which are reserved.
 */
export function labelName(name: string): string {
  if (/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) return name
  const cleaned = name.replace(/[^a-zA-Z0-9]+/g, '_')
  return /^\d|^$/.test(cleaned) ? `_${cleaned}` : cleaned
}

/** Adds a label unless it is empty, which Prometheus takes for absent. Values under one name are joined with `;`. */
export function addLabel(labels: Labels, name: string, value: string): void {
  if (value === '') return
  const key = labelName(name)
  const known = labels.get(key)
  labels.set(key, known === undefined ? value : `${known};${value}`)
}

/** `a="1",b="2"`, in the order of names; empty when there are none. */
export function labelsText(labels: Labels): string {
  let text = ''
  for (const name of [...labels.keys()].sort()) text += `${text && ','}${name}="${escapeValue(labels.get(name)!)}"`
  return text
}

const reserved: Partial<Record<FamilyType, string>> = { histogram: 'le', summary: 'quantile' }

/**
 * The labels of a series: its own, then, where it has none of the name, `job` and `instance` of its resource, the resource's
 * `attributes` asked for, and the name and version of its scope. One that the type keeps for itself (`le`, `quantile`) is
 * called `exported_…`.
 */
export function labelsOf(series: Series, type: FamilyType, attributes: readonly string[]): Labels {
  const labels: Labels = new Map()
  for (const [name, value] of series.labels) addLabel(labels, name === reserved[type] ? `exported_${name}` : name, value)
  const { resource, scope } = series
  const origin: Labels = resource ? targetLabels(resource) : new Map()
  for (const name of attributes) addLabel(origin, name, attributeText(resource?.attributes[name]))
  addLabel(origin, 'otel_scope_name', scope?.name ?? '')
  addLabel(origin, 'otel_scope_version', scope?.version ?? '')
  for (const [name, value] of origin) if (!labels.has(name)) labels.set(name, value)
  return labels
}

/** `job` (`service.namespace/service.name`) and `instance` (`service.instance.id`) of a resource that has them. */
export function targetLabels({ attributes }: Resource): Labels {
  const labels: Labels = new Map()
  const namespace = attributeText(attributes['service.namespace'])
  const name = attributeText(attributes['service.name'])
  addLabel(labels, 'job', name && namespace ? `${namespace}/${name}` : name)
  addLabel(labels, 'instance', attributeText(attributes['service.instance.id']))
  return labels
}

const identifying = new Set(['service.name', 'service.namespace', 'service.instance.id'])

/** The labels of the `target_info` of a resource; undefined when there is nothing to join it by or nothing to tell. */
export function targetInfoLabels(resource: Resource): Labels | undefined {
  const labels: Labels = new Map()
  const names = Object.keys(resource.attributes).filter((name) => !identifying.has(name))
  for (const name of names.sort()) addLabel(labels, name, attributeText(resource.attributes[name]))
  const target = targetLabels(resource)
  if (labels.size === 0 || target.size === 0) return undefined
  for (const [name, value] of target) labels.set(name, value)
  return labels
}

/** Text as it is, absent as empty, anything else as JSON. */
export const attributeText = (value: AttributeValue | undefined): string =>
  typeof value === 'string' ? value : value === undefined ? '' : jsonText(value)
