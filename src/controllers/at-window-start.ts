import { healthy } from '../core/component.ts'
import type { ComputeExporter, EventExporter } from '../core/exporter.ts'

/**
 * Exports each window as what held when it began: so the windows of a controller go into whatever takes events, such as a
 * pipeline of the agent. Only windows that have closed, since what follows may not know the second of a window from the first.
 */
export const atWindowStart = <T>(exporter: EventExporter<T>): ComputeExporter<T> => ({
  name: exporter.name,
  ...(exporter.destination !== undefined && { destination: exporter.destination }),
  export: (window, data, context) => exporter.export(window.start, data, context),
  start: async (context) => exporter.start?.(context),
  flush: async (context) => exporter.flush?.(context),
  stop: async (context) => exporter.stop?.(context),
  health: () => exporter.health?.() ?? healthy,
})
