import { type AccountFigures, unsettled } from './account.ts'
import type { PipelineFigures } from './pipeline-account.ts'

/** The figures of an account since the start of the process. fromBefore + accepted = all that is settled + pending. */
export interface FiguresSinceStart extends Omit<AccountFigures, 'earlier'> {
  /** Records that waited when the process started. */
  readonly fromBefore: number
}

/** Those figures without what earlier processes have counted. */
export function sinceStart({ earlier, ...figures }: AccountFigures): FiguresSinceStart {
  if (!earlier) return { ...figures, fromBefore: 0 }
  return {
    ...figures,
    fromBefore: unsettled(earlier),
    accepted: figures.accepted - earlier.accepted,
    delivered: figures.delivered - earlier.delivered,
    diverted: without(figures.diverted, earlier.diverted),
    deadLettered: figures.deadLettered - earlier.deadLettered,
    dropped: without(figures.dropped, earlier.dropped),
    refused: figures.refused - (earlier.refused ?? 0),
  }
}

/** The figures of a pipeline without what earlier processes have counted. */
export function flowSinceStart({ earlier, ...figures }: PipelineFigures): Omit<PipelineFigures, 'earlier'> {
  if (!earlier) return figures
  return {
    ...figures,
    received: figures.received - earlier.received,
    handedOn: figures.handedOn - earlier.handedOn,
    filtered: without(figures.filtered, earlier.filtered),
    unmatched: figures.unmatched - earlier.unmatched,
    refused: figures.refused - earlier.refused,
    missed: figures.missed - earlier.missed,
  }
}

const without = (counts: Readonly<Record<string, number>>, earlier: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count - (earlier[name] ?? 0)]))
