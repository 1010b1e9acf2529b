import type { Agent } from '../agent/agent.ts'
import { formatDuration } from '../core/duration.ts'
import type { Log } from '../core/log.ts'
import type { ExportStatus } from '../dashboard/status-line.ts'
import type { Screen } from './screen.ts'

const onTerminalMs = 250
const inLogMs = 60_000

/** Tells how it goes: a status line that is written over on a terminal, else a log line every minute. */
export function keepStatus(agent: Agent, screen: Screen, log: Log): { end(): void } {
  const show = () => (screen.isTerminal ? screen.status(statusLine(agent)) : log.info(statusLine(agent)))
  const timer = setInterval(show, screen.isTerminal ? onTerminalMs : inLogMs)
  return {
    end() {
      clearInterval(timer)
      screen.status('')
    },
  }
}

/** `12s  file 1,200  database 1,200  prometheus 0, 1,200 wait: port in use` */
export function statusLine(agent: Agent): string {
  const number = (value: number) => value.toLocaleString('en-US')
  const parts = exportsOf(agent).map(({ name, delivered, pending, deadLettered, problem }) => {
    const rest = [
      pending > 0 && problem !== undefined ? `${number(pending)} wait` : '',
      deadLettered > 0 ? `${number(deadLettered)} in the dead letters` : '',
    ].filter(Boolean)
    return `${name} ${[number(delivered), ...rest].join(', ')}${problem === undefined ? '' : `: ${problem}`}`
  })
  return [formatDuration(Math.floor((Date.now() - agent.startedMs) / 1000) * 1000), ...parts].join('  ')
}

/** How each exporter goes. */
export function exportsOf(agent: Agent): readonly ExportStatus[] {
  const exporters = agent.health().filter(({ kind }) => kind === 'exporter')
  const problems = new Map(exporters.map(({ name, health }) => [name, 'reason' in health ? health.reason : undefined]))
  return agent.figures().exporters.map((figures) => {
    const problem = problems.get(figures.name)
    return { ...figures, ...(problem !== undefined && { problem }) }
  })
}
