/** What the tests of the exporter send. */
import { metrics, series } from '../../sdk.ts'

export const now = new Date('2026-08-02T10:23:00Z')

/** Gauges with these values. */
export const points = (...values: number[]) =>
  metrics(values.map((value) => ({ series: series('system.cpu.load', { core: '0' }), timeMs: now.getTime(), value })))
