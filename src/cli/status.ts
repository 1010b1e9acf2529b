import type { Agent } from '../agent/agent.ts'
import { formatDuration } from '../core/duration.ts'
import type { Log } from '../core/log.ts'
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
  const health = new Map(
    agent
      .health()
      .filter(({ kind }) => kind === 'exporter')
      .map(({ name, health }) => [name, health]),
  )
  const parts = agent.figures().exporters.map(({ name, delivered, pending, deadLettered }) => {
    const state = health.get(name)
    const trouble = state && 'reason' in state ? `: ${state.reason}` : ''
    const rest = [
      pending > 0 && trouble ? `${number(pending)} wait` : '',
      deadLettered > 0 ? `${number(deadLettered)} in the dead letters` : '',
    ].filter(Boolean)
    return `${name} ${[number(delivered), ...rest].join(', ')}${trouble}`
  })
  return [formatDuration(Math.floor((Date.now() - agent.startedMs) / 1000) * 1000), ...parts].join('  ')
}
