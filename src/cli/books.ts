import type { AccountFigures } from '../core/account.ts'
import { formatDuration } from '../core/duration.ts'
import type { LedgerFigures } from '../core/ledger.ts'
import type { PipelineFigures } from '../core/pipeline-account.ts'
import { flowSinceStart, sinceStart } from '../core/since-start.ts'
import { textTable } from './text-table.ts'

const number = (value: number): string => (value === 0 ? '-' : value.toLocaleString('en-US'))

const byName = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${number(count)} (${name})`)
    .join(', ') || '-'

/** The books since the start as lines for people, the last of which says whether they balance. */
export function booksOf({ exporters, pipelines, balanced }: LedgerFigures, nowMs: number): string[] {
  return [...tables(exporters.map(sinceStart), pipelines.map(flowSinceStart), nowMs), '', verdict(balanced)]
}

/** The books since the start and, where there are figures from before, those over all time. */
export function allBooksOf(figures: LedgerFigures, nowMs: number): string[] {
  const { exporters, pipelines, balanced } = figures
  const any = exporters.some(({ earlier }) => earlier?.accepted) || pipelines.some(({ earlier }) => earlier?.received)
  if (!any) return booksOf(figures, nowMs)
  return [
    'Since the start:',
    ...tables(exporters.map(sinceStart), pipelines.map(flowSinceStart), nowMs),
    '',
    'Over all time:',
    ...tables(exporters, pipelines, nowMs),
    '',
    verdict(balanced),
  ]
}

type Figures = Omit<AccountFigures, 'earlier'> & { readonly fromBefore?: number }

function tables(exporters: readonly Figures[], pipelines: readonly Omit<PipelineFigures, 'earlier'>[], nowMs: number): string[] {
  const right = (title: string) => ({ title, align: 'right' as const })
  const anyBefore = exporters.some(({ fromBefore = 0 }) => fromBefore > 0)
  const destinations = textTable(
    [
      { title: 'exporter' },
      ...(anyBefore ? [right('from before')] : []),
      right('accepted'),
      right('delivered'),
      right('diverted'),
      right('dead letters'),
      right('dropped'),
      right('pending'),
      right('refused'),
      { title: 'oldest pending' },
    ],
    exporters.map((account) => [
      account.name,
      ...(anyBefore ? [number(account.fromBefore ?? 0)] : []),
      number(account.accepted),
      number(account.delivered),
      byName(account.diverted),
      number(account.deadLettered),
      byName(account.dropped),
      number(account.pending),
      number(account.refused),
      account.oldestPendingMs === undefined ? '-' : formatDuration(Math.max(0, nowMs - account.oldestPendingMs)),
    ]),
  )
  const flows = textTable(
    [
      { title: 'pipeline' },
      right('received'),
      right('handed on'),
      right('filtered'),
      right('unmatched'),
      right('refused'),
      right('missed ticks'),
    ],
    pipelines.map((account) => [
      account.name,
      number(account.received),
      number(account.handedOn),
      byName(account.filtered),
      number(account.unmatched),
      number(account.refused),
      number(account.missed),
    ]),
  )
  return [...flows, '', ...destinations]
}

const verdict = (balanced: boolean): string =>
  balanced ? 'The books balance.' : 'THE BOOKS DO NOT BALANCE: please report this with the lines above.'
