import { setFlagsFromString } from 'node:v8'
import { Agent } from '../../../agent/agent.ts'
import { LogLevels } from '../../../agent/log-levels.ts'
import { waitForSignal } from '../../../controllers/wait-for-signal.ts'
import { systemClock } from '../../../core/clock.ts'
import { WaybillError } from '../../../core/errors.ts'
import { Dashboard } from '../../../dashboard/dashboard.ts'
import { aborted } from '../../../delivery/aborted.ts'
import { exitCodes } from '../../exit-codes.ts'
import { HeldLines } from '../../held-lines.ts'
import { leaveOnNextSignal } from '../../leave-on-next-signal.ts'
import { createLog } from '../../log.ts'
import { Screen } from '../../screen.ts'
import { keepStatus } from '../../status.ts'
import { configurationOf, type OwnPlugins } from './configuration.ts'
import { JsonApi } from './json-api.ts'
import { keepingPlace } from './keeping-place.ts'
import { obstacleOf } from './obstacle.ts'
import { leftBehind, outcomeOf, placesOf } from './outcome.ts'
import type { MonitorPlan } from './plan.ts'
import { showMonitor } from './show-monitor.ts'
import { stdoutCsv } from './stdout-csv.ts'
import { takenBy } from './taken-by.ts'

/**
 * Measures and exports, with the agent's own chains, until its user, `--for` or a reader that is gone ends it. Words go to standard
 * error; while the view has the terminal they wait. Resolves to the exit code, and rejects when it cannot begin.
 */
export async function monitor(plan: MonitorPlan): Promise<number> {
  const { outputs, forMs } = plan
  keepHeapFlat()
  const ending = new AbortController()
  void waitForSignal({ signals: ['SIGINT', 'SIGTERM', 'SIGHUP'], signal: ending.signal }).then(() => ending.abort())
  const screen = new Screen(process.stderr)
  const words = new HeldLines(screen)
  const levels = new LogLevels({ level: plan.logLevel })
  const log = createLog({ levels, format: 'text', screen: words })

  let broken: NodeJS.ErrnoException | undefined
  const onBroken = (error: NodeJS.ErrnoException) => {
    broken = error
    if (isClosedPipe(error)) levels.change({ components: { stdout: 'error' } })
    ending.abort()
  }
  const { dashboard, api, plugins } = inThisProcess(plan, onBroken)
  const config = await configurationOf(plan, plugins)
  const place = await keepingPlace(plan.dataDir)
  const agent = await Agent.create({ config, log, levels, dataDir: place.dataDir })

  words.hold()
  try {
    await begin(agent, api)
  } catch (thrown) {
    await place.remove()
    throw thrown
  }
  if (forMs !== undefined) void systemClock.sleep(forMs, ending.signal).then(() => ending.abort())
  if (!dashboard || !screen.isTerminal) words.release()
  const places = placesOf(agent, api?.url)
  if (dashboard) await showMonitor(dashboard, agent, { places, signal: ending.signal })
  else {
    for (const { name, place } of places) screen.line(`${name}: ${place}`)
    const isQuiet = places.length === 0 || (outputs.stdout && screen.isTerminal)
    const status = isQuiet ? undefined : keepStatus(agent, screen, log)
    await aborted(ending.signal)
    status?.end()
  }
  ending.abort()
  leaveOnNextSignal(agent)
  screen.status('delivering what is queued; Ctrl-C once more leaves at once')
  await agent.stop()
  await api?.stop()
  screen.status('')
  words.release()

  const left = leftBehind(agent, broken && isClosedPipe(broken) ? ['stdout'] : [])
  for (const line of outcomeOf(agent, { places, left, letters: place.deadLetters() })) screen.line(line)
  if (left.length === 0) await place.remove()
  if (broken && !isClosedPipe(broken))
    throw new WaybillError('DESTINATION_UNAVAILABLE', `cannot write to standard output: ${broken.message}`, { cause: broken })
  return left.length === 0 ? exitCodes.ok : exitCodes.undelivered
}

/**
 * What is allocated between two samples is little and soon gone, and a monitor's memory is to be flat. V8 would double the space for what is
 * new whenever a sample happens to be under way as it is cleared, give it back when little goes on, and let the rest grow meanwhile.
 */
function keepHeapFlat(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=10')
}

const isClosedPipe = ({ code }: NodeJS.ErrnoException): boolean => code === 'EPIPE'

/** The outputs that are not for the agent to make, and the exporters that feed them. */
function inThisProcess({ outputs, dashboard: options, http, refreshMs, bufferSize }: MonitorPlan, onBroken: (error: Error) => void) {
  const dashboard = outputs.names.has('terminal') ? new Dashboard(options) : undefined
  const api = http && new JsonApi({ address: http, refreshMs, bufferSize })
  const plugins: OwnPlugins = {
    shown: [
      ...(dashboard ? [takenBy('terminal', (points, timeMs) => dashboard.update(points, timeMs))] : []),
      ...(api ? [takenBy('http', (points, timeMs) => api.take(points, timeMs))] : []),
    ],
    others: outputs.stdout ? [stdoutCsv({ onBroken })] : [],
  }
  return { dashboard, api, plugins }
}

/** All of it or nothing. */
async function begin(agent: Agent, api: JsonApi | undefined): Promise<void> {
  try {
    await api?.start()
    await agent.start()
    const obstacle = obstacleOf(agent)
    if (!obstacle) return
    await agent.stop(0)
    throw obstacle
  } catch (thrown) {
    await api?.stop()
    throw thrown
  }
}
