import { type MetricsBatch, metrics } from '../core/batch.ts'
import type { Point } from '../core/point.ts'
import { type Describe, series, seriesTable } from '../core/series.ts'
import { flowSinceStart, sinceStart } from '../core/since-start.ts'
import type { Agent } from './agent.ts'
import { Chain } from './chain.ts'

const records: Describe = { kind: 'counter', unit: '{record}' }

/** What the agent says of itself: the books, the health of its exporters, and the process. */
export function agentMetrics(agent: Agent): MetricsBatch {
  const timeMs = Date.now()
  const startTimeMs = agent.startedMs
  const points: Point[] = []
  const count = (name: string, help: string, labels: Record<string, string>, value: number) =>
    points.push({ series: series(name, labels, { ...records, help }), timeMs, startTimeMs, value })
  const gauge = (name: string, help: string, labels: Record<string, string>, value: number, unit?: string) =>
    points.push({ series: series(name, labels, { kind: 'gauge', help, ...(unit && { unit }) }), timeMs, value })

  const { exporters, pipelines, balanced } = agent.figures()
  for (const figures of exporters.map(sinceStart)) {
    const outcome = (outcome: string, value: number, reason = '') =>
      count('waybill.exporter.records', 'Records by what became of them.', { exporter: figures.name, outcome, reason }, value)
    outcome('accepted', figures.accepted)
    outcome('delivered', figures.delivered)
    outcome('dead_lettered', figures.deadLettered)
    outcome('refused', figures.refused)
    for (const [to, value] of Object.entries(figures.diverted)) outcome('diverted', value, to)
    for (const [reason, value] of Object.entries(figures.dropped)) outcome('dropped', value, reason)
    gauge('waybill.exporter.pending', 'Records queued and in flight.', { exporter: figures.name }, figures.pending, '{record}')
    const ageMs = figures.oldestPendingMs === undefined ? 0 : Math.max(0, timeMs - figures.oldestPendingMs)
    gauge(
      'waybill.exporter.oldest_pending_age',
      'How long the oldest pending record has waited.',
      { exporter: figures.name },
      ageMs / 1000,
      's',
    )
  }
  for (const figures of pipelines.map(flowSinceStart)) {
    const outcome = (outcome: string, value: number, reason = '') =>
      count('waybill.pipeline.records', 'Records by what became of them.', { pipeline: figures.name, outcome, reason }, value)
    outcome('received', figures.received)
    outcome('handed_on', figures.handedOn)
    outcome('unmatched', figures.unmatched)
    outcome('refused', figures.refused)
    for (const [processor, value] of Object.entries(figures.filtered)) outcome('filtered', value, processor)
    count('waybill.pipeline.missed_ticks', 'Ticks at which a source was not asked.', { pipeline: figures.name }, figures.missed)
  }
  for (const name of agent.instances.exporters.names()) {
    const chain = agent.instances.exporters.get(name)
    if (chain instanceof Chain) points.push(...chain.metrics(timeMs).points)
  }
  for (const { kind, name, health } of agent.health())
    gauge('waybill.component.healthy', '1 when it is healthy, else 0.', { kind, component: name }, health.state === 'healthy' ? 1 : 0)
  gauge('waybill.ledger.balanced', '1 when every account balances, else 0.', {}, balanced ? 1 : 0)
  gauge('waybill.series.interned', 'Series in the intern table.', {}, seriesTable.size, '{series}')
  count('waybill.series.evicted', 'Series that had to leave the intern table.', {}, seriesTable.evicted)

  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  gauge('process.memory.usage', 'Resident memory.', {}, rss, 'By')
  gauge('process.runtime.heap.used', 'Used part of the JavaScript heap.', {}, heapUsed, 'By')
  points.push({
    series: series('process.cpu.time', {}, { kind: 'counter', unit: 's', help: 'Processor time used.' }),
    timeMs,
    startTimeMs,
    value: (user + system) / 1e6,
  })
  gauge('process.uptime', 'Time since the agent began.', {}, (timeMs - startTimeMs) / 1000, 's')
  return metrics(points)
}
