import type { AccountFigures } from '../core/account.ts'
import { formatDuration } from '../core/duration.ts'
import type { LedgerFigures } from '../core/ledger.ts'
import type { PipelineFigures } from '../core/pipeline-account.ts'
import { flowSinceStart, sinceStart } from '../core/since-start.ts'
import { nothing, textTable } from './text-table.ts'

const number = (value: number): string => (value === 0 ? nothing : value.toLocaleString('en-US'))

const byName = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${number(count)} (${name})`)
    .join(', ') || nothing

export interface BooksOptions {
  readonly nowMs: number
  /** How long lines may be; what has nothing to tell is then left out. Default: as long as it takes. */
  readonly width?: number | undefined
}

/** The books since the start as lines for people, the last of which says whether they balance. */
export function booksOf({ exporters, pipelines, balanced }: LedgerFigures, options: BooksOptions): string[] {
  return [...tables(exporters.map(sinceStart), pipelines.map(flowSinceStart), options), '', verdict(balanced)]
}

/** The books since the start and, where there are figures from before, those over all time. */
export function allBooksOf(figures: LedgerFigures, options: BooksOptions): string[] {
  const { exporters, pipelines, balanced } = figures
  const any = exporters.some(({ earlier }) => earlier?.accepted) || pipelines.some(({ earlier }) => earlier?.received)
  if (!any) return booksOf(figures, options)
  return [
    'Since the start:',
    ...tables(exporters.map(sinceStart), pipelines.map(flowSinceStart), options),
    '',
    'Over all time:',
    ...tables(exporters, pipelines, options),
    '',
    verdict(balanced),
  ]
}

type Figures = Omit<AccountFigures, 'earlier'> & { readonly fromBefore?: number }

function tables(
  exporters: readonly Figures[],
  pipelines: readonly Omit<PipelineFigures, 'earlier'>[],
  { nowMs, width }: BooksOptions,
): string[] {
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
      account.oldestPendingMs === undefined ? nothing : formatDuration(Math.max(0, nowMs - account.oldestPendingMs)),
    ]),
    width,
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
    width,
  )
  return [...flows, '', ...destinations]
}

const verdict = (balanced: boolean): string =>
  balanced ? 'The books balance.' : 'THE BOOKS DO NOT BALANCE: please report this with the lines above.'
