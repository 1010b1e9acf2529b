import type { Column, Row, Window } from '../../core/index.ts'

/** What records have beside the columns of the seed's tables. */
export interface OwnValues {
  readonly cluster: string | undefined
  readonly labels: Readonly<Record<string, string>> | null | undefined
}

/**
 * SpanStart and SpanEnd, the span that was asked about, which tell the costs of an hour from those of a day; Cluster; then a column
 * `Label_<name>` for each label that is wanted.
 */
export const ownColumns = (labels: readonly string[]): Column[] => [
  { name: 'SpanStart', type: 'datetime' },
  { name: 'SpanEnd', type: 'datetime' },
  ...['Cluster', ...labels.map((label) => `Label_${sanitized(label)}`)].map((name) => ({ name, type: 'string' }) as const),
]

export const cellsOf = ({ cluster, labels }: OwnValues, wanted: readonly string[], span: Window): Row => [
  span.start.getTime(),
  span.end.getTime(),
  cluster ?? '',
  ...wanted.map((label) => labelIn(labels, label)),
]

/** The value of a label, under its own name or under the one that OpenCost gives it; empty where there is none. */
export const labelIn = (labels: OwnValues['labels'], name: string): string => labels?.[name] ?? labels?.[sanitized(name)] ?? ''

/** A label's name as OpenCost and Prometheus have it: `app.kubernetes.io/name` is `app_kubernetes_io_name`. */
export const sanitized = (label: string): string => label.replace(/[^a-zA-Z0-9_]/g, '_')
