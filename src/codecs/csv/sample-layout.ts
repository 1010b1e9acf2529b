import { formatMsLocal } from '../text/local-time.ts'
import { microseconds } from '../text/microseconds.ts'
import { formatMs } from '../text/rfc3339.ts'
import type { Sample } from '../text/samples.ts'
import { csvLine } from './cell.ts'

/** How samples stand in a table of which the first column is `timestamp`. */
export interface SampleLayout {
  /** The columns behind it that these samples need. */
  columnsOf(samples: readonly Sample[]): readonly string[]
  /** Whether a table has these columns and no others. Else a table may have more, which stay empty. */
  readonly fixed: boolean
  /** The lines of a sample in a table of these columns. */
  lines(sample: Sample, columns: readonly string[]): string
}

/** The zone of times: `local` is that of the process. */
export type TimeZone = 'utc' | 'local'

const timeIn = { utc: formatMs, local: formatMsLocal } as const

/** A line for each sample and a column for each name, sorted; times as RFC 3339. */
export const wideLayout = (timeZone: TimeZone): SampleLayout => ({
  fixed: false,
  columnsOf: (samples) => [...new Set(samples.flatMap(({ values }) => [...values.keys()]))].sort(),
  lines: ({ timeMs, values }, columns) => csvLine([timeIn[timeZone](timeMs), ...columns.map((column) => cell(values.get(column)))]),
})

/** A line for each value, by name: `timestamp,metric,value`; times in Unix seconds with six decimals. */
export const longLayout: SampleLayout = {
  fixed: true,
  columnsOf: () => ['metric', 'value'],
  lines: ({ timeMs, values }) => {
    const time = unixSeconds(timeMs)
    const names = [...values.keys()].sort()
    return names.map((name) => csvLine([time, name, cell(values.get(name))])).join('')
  },
}

/** Empty for a number that is not finite: a column of numbers is to stay one. */
const cell = (value: unknown): unknown => (typeof value === 'number' && !Number.isFinite(value) ? undefined : value)

/** With six decimals; empty for what is no time. */
const unixSeconds = (timeMs: number): string => (Number.isFinite(timeMs) ? (microseconds(timeMs) / 1e6).toFixed(6) : '')
