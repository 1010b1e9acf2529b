/** The half-open span of time [start, end), in UTC. */
export interface Window {
  readonly start: Date
  readonly end: Date
}
