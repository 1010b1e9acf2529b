import type { z } from '../../sdk.ts'
import type { Agent } from '../agent.ts'
import { destinationsOf } from '../config/pipeline-schema.ts'
import type * as schemas from './schemas.ts'

/** Whether the agent can do its work, and what of it cannot. */
export function readinessOf(agent: Agent): z.output<typeof schemas.readiness> {
  const components = agent.health()
  const exporters = components.filter(({ kind }) => kind === 'exporter')
  const troubled = components.some(({ health }) => health.state === 'unhealthy' || health.state === 'degraded')
  const none = exporters.length > 0 && exporters.every(({ health }) => health.state === 'unhealthy')
  const running = none ? 'unavailable' : troubled ? 'degraded' : 'ready'
  const status = agent.state === 'running' ? running : agent.state === 'starting' ? 'starting' : 'stopping'
  return { status, components: components.map((component) => ({ ...component })) }
}

/** What flows where, with health and books. */
export function pipelinesOf(agent: Agent): z.output<typeof schemas.pipelines> {
  const components = agent.health()
  const named = (names: readonly string[], ...kinds: string[]) =>
    names.map((name) => ({ ...components.find((component) => component.name === name && kinds.includes(component.kind))! }))
  const intervals = new Map(agent.instances.sources.map(({ name, intervalMs }) => [name, intervalMs]))
  return agent.config.file.pipelines.map((pipeline) => {
    const { name, from, process } = pipeline
    return {
      name,
      from: named(from, 'source', 'receiver').map((component) => {
        const intervalMs = intervals.get(component.name)
        return { ...component, ...(intervalMs !== undefined && { intervalMs }) }
      }),
      process: named(process, 'processor'),
      to: named(destinationsOf(pipeline), 'exporter'),
      account: agent.ledger.pipeline(name).figures(),
    }
  })
}
