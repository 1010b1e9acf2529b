import type { Context } from './context.ts'

export type HealthStatus =
  | { readonly state: 'starting' | 'healthy' | 'stopped' }
  | { readonly state: 'degraded' | 'unhealthy'; readonly reason: string }

export const healthy: HealthStatus = { state: 'healthy' }
export const degraded = (reason: string): HealthStatus => ({ state: 'degraded', reason })
export const unhealthy = (reason: string): HealthStatus => ({ state: 'unhealthy', reason })

/** Anything with a life. Every method may be absent, may be called twice and in any order. */
export interface Component {
  /** Rejects when it cannot start; whoever holds it says so in its health and tries again. */
  start?(context: Context): Promise<void>
  flush?(context: Context): Promise<void>
  /** When it resolves, what was accepted is delivered, durable or dead-lettered. Aborting the context's signal is the deadline. */
  stop?(context: Context): Promise<void>
  /** What is known now; asks nothing of the network. */
  health?(): HealthStatus
}
