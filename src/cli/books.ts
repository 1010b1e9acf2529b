import { formatDuration } from '../core/duration.ts'
import type { LedgerFigures } from '../core/ledger.ts'
import { textTable } from './text-table.ts'

const number = (value: number): string => (value === 0 ? '-' : value.toLocaleString('en-US'))

const byName = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${number(count)} (${name})`)
    .join(', ') || '-'

/** The books as lines for people, the last of which says whether they balance. */
export function booksOf({ exporters, pipelines, balanced }: LedgerFigures, nowMs: number): string[] {
  const right = (title: string) => ({ title, align: 'right' as const })
  const destinations = textTable(
    [
      { title: 'exporter' },
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
  return [
    ...flows,
    '',
    ...destinations,
    '',
    balanced ? 'The books balance.' : 'THE BOOKS DO NOT BALANCE: please report this with the lines above.',
  ]
}
