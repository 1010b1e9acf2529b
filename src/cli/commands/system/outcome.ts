import type { Agent } from '../../../agent/agent.ts'
import type { AccountFigures } from '../../../core/account.ts'
import { flowSinceStart, sinceStart } from '../../../core/since-start.ts'
import { booksOf } from '../../books.ts'

/** An output that others can look at, and where. */
export interface OutputPlace {
  readonly name: string
  /** A path or an address. */
  readonly place: string
}

/** Where each output goes that leaves this process by a file or the network. */
export function placesOf({ instances: { exporters } }: Agent, apiUrl: string | undefined): readonly OutputPlace[] {
  const places = exporters.names().flatMap((name) => {
    const place = exporters.get(name)?.destination
    return place ? [{ name, place }] : []
  })
  return apiUrl === undefined ? places : [...places, { name: 'http', place: apiUrl }]
}

/** The accounts with records that were not delivered, but for those whose receiver wanted no more. */
export const leftBehind = (agent: Agent, but: readonly string[]): readonly AccountFigures[] =>
  agent
    .figures()
    .exporters.map(sinceStart)
    .filter((account) => undelivered(account) + account.refused > 0 && !but.includes(account.name))

const undelivered = ({ deadLettered, pending }: AccountFigures): number => deadLettered + pending

export interface Outcome {
  readonly places: readonly OutputPlace[]
  readonly left: readonly AccountFigures[]
  /** The folder of the dead letters. */
  readonly letters: string | undefined
}

/** What came of it, for people: a line for each place with what was delivered, and whatever is not as it should be. */
export function outcomeOf(agent: Agent, { places, left, letters }: Outcome): readonly string[] {
  const { exporters, pipelines, balanced } = agent.figures()
  const number = (value: number) => value.toLocaleString('en-US')
  const delivered = new Map(exporters.map(sinceStart).map((account) => [account.name, account.delivered]))
  const missed = pipelines.map(flowSinceStart).reduce((sum, pipeline) => sum + pipeline.missed, 0)
  return [
    ...places.map(({ name, place }) => `${name}: ${number(delivered.get(name) ?? 0)} values → ${place}`),
    ...(missed > 0 ? [`${number(missed)} samples were not taken, since the one before took too long`] : []),
    ...left.flatMap((account) => [
      ...(account.refused > 0 ? [`${account.name}: ${number(account.refused)} values had no room to wait, and are lost`] : []),
      ...(undelivered(account) > 0 ? [`${account.name}: ${number(undelivered(account))} values were not delivered`] : []),
    ]),
    ...(left.length > 0 && letters !== undefined ? [`what was not delivered is in ${letters}`] : []),
    ...(balanced ? [] : booksOf({ exporters, pipelines, balanced }, { nowMs: Date.now() })),
  ]
}
