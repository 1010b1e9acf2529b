import { resolve } from 'node:path'
import type { Agent } from '../agent/agent.ts'
import { destinationsOf } from '../agent/config/pipeline-schema.ts'
import { formatDuration } from '../core/duration.ts'
import { version } from '../version.ts'
import { textTable } from './text-table.ts'

/** What flows where, and the addresses, in a few lines. */
export function showStart(agent: Agent): string[] {
  const { sources, receivers, exporters } = agent.instances
  const from = (name: string) => {
    const source = sources.find((instance) => instance.name === name)
    const receiver = receivers.find((instance) => instance.name === name)
    return source ? `${name} (${source.type}, every ${formatDuration(source.intervalMs)})` : `${name} (${receiver!.type})`
  }
  const fallbacks = new Map(agent.config.exporters.map(({ name, rest }) => [name, rest.fallback]))
  const withFallbacks = (name: string): string => {
    const next = fallbacks.get(name)
    return next === undefined ? name : `${name} (or ${withFallbacks(next)})`
  }
  const flows = agent.config.file.pipelines.map((pipeline) => [
    pipeline.name,
    [pipeline.from.map(from).join(' + '), ...pipeline.process, destinationsOf(pipeline).map(withFallbacks).join(' + ')].join(' → '),
  ])
  const places = [
    ...exporters.names().map((name) => [name, exporters.get(name)!.destination ?? '']),
    ...(agent.apiUrl ? [['api', agent.apiUrl]] : []),
    ['data', resolve(agent.dataDir)],
  ]
  const rows = [...flows, ...places].filter(([, text]) => text !== '')
  return [
    `waybill ${version}, ${agent.config.path}`,
    ...textTable([{ title: '' }, { title: '' }], rows as string[][])
      .slice(1)
      .map((line) => `  ${line}`),
    '',
  ]
}
