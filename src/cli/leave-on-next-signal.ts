import type { Agent } from '../agent/agent.ts'
import { releaseDataDir } from '../agent/data-dir.ts'

/** The second signal ends the process at once, with the code that shells expect: 128 + its number. */
export function leaveOnNextSignal(agent: Agent): void {
  const leave = (code: number) => () => {
    releaseDataDir(agent.dataDir)
    for (const { name, pending } of agent.figures().exporters)
      if (pending > 0) process.stderr.write(`left at once: ${pending.toLocaleString('en-US')} records for ${name} are not delivered\n`)
    process.exit(code)
  }
  // Not once: a third must not end it by itself before the exit code is told.
  process.on('SIGINT', leave(130))
  process.on('SIGTERM', leave(143))
}
