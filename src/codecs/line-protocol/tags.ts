import type { AttributeValue, Series } from '../../core/index.ts'
import { jsonText } from '../text/json-value.ts'

export interface TagOptions {
  /** Tags of every line. Default: none. */
  readonly tags?: Readonly<Record<string, string>>
  /** Attributes of the resource that become tags. Default: none. */
  readonly resourceAttributes?: 'all' | readonly string[]
}

/**
 * The tags of a series, sorted by name: its labels; then, where none has the name, `tags`, the library that measured it
 * (`otel.scope.name`, `otel.scope.version`) and attributes of its resource.
 */
export function tagsOf(
  { labels, scope, resource }: Series,
  { tags = {}, resourceAttributes = [] }: TagOptions,
): readonly (readonly [string, string])[] {
  const attributes = resource?.attributes ?? {}
  const chosen = resourceAttributes === 'all' ? Object.keys(attributes) : resourceAttributes
  const all: Record<string, string> = {
    ...Object.fromEntries(chosen.map((name) => [name, attributeText(attributes[name])])),
    ...(scope && { 'otel.scope.name': scope.name, 'otel.scope.version': scope.version ?? '' }),
    ...tags,
    ...Object.fromEntries(labels),
  }
  return Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))
}

const attributeText = (value: AttributeValue | undefined): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : jsonText(value)
