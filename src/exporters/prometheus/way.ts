import type { Component, Context, ExportResult, ListenAddress } from '../../sdk.ts'

/** How an exposition comes to Prometheus. */
export interface Way extends Required<Omit<Component, 'flush'>> {
  /** For people: an address without a secret in it. */
  readonly destination: string
  /** Where it listens; undefined when it does not. */
  address(): ListenAddress | undefined
  /** Why nothing can be taken now. */
  unavailable(): ExportResult | undefined
  /** Hands over what the exposition holds, with the points that it has just taken. */
  deliver(context: Context): Promise<ExportResult>
}
