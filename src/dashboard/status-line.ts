import { cut, printable, widthOf } from '../codecs/text/text-width.ts'

/** How one export goes; an `AccountFigures` of the books is one. */
export interface ExportStatus {
  readonly name: string
  readonly delivered: number
  readonly pending: number
  readonly deadLettered: number
  /** Why it does not go well. */
  readonly problem?: string
}

/** What the last line tells beside the pace. */
export interface DashboardStatus {
  /** What is shown, where it is not this machine now: `replay of cubestat.csv`. */
  readonly note?: string
  readonly exports?: readonly ExportStatus[]
  /** Whether the books balance; nothing is said of them when it is not given. */
  readonly balanced?: boolean
}

export interface StatusLine {
  readonly status: DashboardStatus
  readonly refreshMs: number
  /** How old the newest sample on the screen is, where it is not the newest of all. */
  readonly secondsBack?: number
  /** Series above and below what is on the screen. */
  readonly above: number
  readonly below: number
}

/** The last line, `columns` wide: the books and the exports, and at the right, as far as there is room, what else to know. */
export function statusLine(line: StatusLine, columns: number): string {
  const left = ` ${wordsOf(line.status).map(printable).join('  ')}`
  let right = ''
  for (const remark of remarksOf(line)) {
    const longer = ` ${remark} ${right}`
    if (widthOf(left) + 1 + longer.length <= columns) right = longer
  }
  const shown = cut(left, columns - right.length)
  return shown + ' '.repeat(columns - right.length - widthOf(shown)) + right
}

/** What must be seen comes first, since the end may have no room. */
function wordsOf({ note, exports = [], balanced }: DashboardStatus): readonly string[] {
  const troubled = exports.filter(({ problem }) => problem !== undefined)
  const others = exports.filter(({ problem }) => problem === undefined)
  return [
    ...(balanced === undefined ? [] : [balanced ? 'books balance' : 'THE BOOKS DO NOT BALANCE']),
    ...(note === undefined ? [] : [note]),
    ...[...troubled, ...others].map(exportWords),
  ]
}

/** `csv 1,200`, and what waits and is dead only where that tells of trouble: `influxdb 1,200, 30 wait: connection refused`. */
function exportWords({ name, delivered, pending, deadLettered, problem }: ExportStatus): string {
  const number = (value: number) => value.toLocaleString('en-US')
  const parts = [
    `${name} ${number(delivered)}`,
    ...(pending > 0 && problem !== undefined ? [`${number(pending)} wait`] : []),
    ...(deadLettered > 0 ? [`${number(deadLettered)} in the dead letters`] : []),
  ]
  return parts.join(', ') + (problem === undefined ? '' : `: ${problem}`)
}

/** The most important first. */
function remarksOf({ refreshMs, secondsBack, above, below }: StatusLine): readonly string[] {
  const more = [above > 0 ? `▲${above}` : '', below > 0 ? `▼${below}` : ''].filter(Boolean).join(' ')
  return [
    secondsBack === undefined ? `Update every ${refreshMs}ms` : `${secondsBack.toFixed(2)}s back, 0: now`,
    ...(more === '' ? [] : [more]),
    '?: help',
  ]
}
