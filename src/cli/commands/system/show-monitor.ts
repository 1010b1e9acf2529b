import type { Agent } from '../../../agent/agent.ts'
import type { Dashboard } from '../../../dashboard/dashboard.ts'
import { exportsOf } from '../../status.ts'
import type { OutputPlace } from './outcome.ts'

const tellEveryMs = 250

export interface ShowOptions {
  readonly places: readonly OutputPlace[]
  readonly signal: AbortSignal
}

/** The view, with how the exports go and what the sources lack in its last line, until it is left or `signal` aborts. */
export async function showMonitor(dashboard: Dashboard, agent: Agent, { places, signal }: ShowOptions): Promise<void> {
  const names = new Map(places.map((place) => [place.name, withPort(place)]))
  const tell = () => {
    const exports = exportsOf(agent).flatMap((status) => {
      const name = names.get(status.name)
      return name === undefined ? [] : [{ ...status, name }]
    })
    const problems = agent.health().flatMap(({ kind, health }) => (kind === 'source' && 'reason' in health ? [health.reason] : []))
    dashboard.status({ exports, balanced: agent.figures().balanced, ...(problems.length > 0 && { note: problems.join('  ') }) })
  }
  tell()
  const timer = setInterval(tell, tellEveryMs)
  try {
    await dashboard.run(signal)
  } finally {
    clearInterval(timer)
  }
}

/** `prometheus :9090`, where somebody may come and ask; else the name alone. */
const withPort = ({ name, place }: OutputPlace): string =>
  name === 'prometheus' || name === 'http' ? `${name} :${new URL(place).port}` : name
