export type AlertSeverity = 'critical' | 'major' | 'minor' | 'warning' | 'info'

/** Something that needs a person, or no longer does. */
export interface Alert {
  /** Its identity: the same for the same trouble, firing and resolved. */
  readonly id: string
  readonly name: string
  readonly severity: AlertSeverity
  readonly status: 'firing' | 'resolved'
  /** Milliseconds since the epoch. */
  readonly startsAtMs: number
  readonly endsAtMs?: number
  /** What it is about, for routing and grouping. */
  readonly labels: Readonly<Record<string, string>>
  /** What a person reads: description, runbook, … */
  readonly annotations?: Readonly<Record<string, string>>
}
