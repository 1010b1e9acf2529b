import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { CsvReader } from '../codecs/csv/reader.ts'
import { WaybillError } from '../core/index.ts'

/** What OpenCost's own daily export (https://www.opencost.io/docs/integrations/csv-export) has written, added up by day. */
export interface DailyExport {
  readonly rows: number
  readonly bytes: number
  /** By day (`2026-11-20`), ascending; the cost of each namespace. */
  readonly days: ReadonlyMap<string, ReadonlyMap<string, number>>
}

const needed = ['Date', 'Namespace', 'TotalCost'] as const

/** Reads such a file in memory for its sums. Rejects with WaybillError `FILE_UNREADABLE`, or `INVALID_OPTION` for another CSV. */
export async function readDailyCsv(path: string): Promise<DailyExport> {
  const days = new Map<string, Map<string, number>>()
  const reader = new CsvReader()
  let places: readonly number[] | undefined
  let rows = 0
  const add = (record: readonly string[]): void => {
    if (!places) {
      places = needed.map((name) => record.indexOf(name))
      if (places.includes(-1))
        throw new WaybillError('INVALID_OPTION', `${path} has no column ${needed[places.indexOf(-1)]}`, {
          hint: "give a file of OpenCost's own daily CSV export",
        })
      return
    }
    const [date = '', namespace = '', cost] = places.map((place) => record[place])
    if (!/^\d{4}-\d\d-\d\d/.test(date) || Number.isNaN(Date.parse(date)))
      throw new WaybillError('INVALID_OPTION', `${path} has ${JSON.stringify(date)} where a date should stand`, {
        hint: 'see that the file is whole',
      })
    const day = days.get(date.slice(0, 10)) ?? new Map<string, number>()
    day.set(namespace, (day.get(namespace) ?? 0) + (Number(cost) || 0))
    days.set(date.slice(0, 10), day)
    rows++
  }
  try {
    const { size: bytes } = await stat(path)
    for await (const text of createReadStream(path, { encoding: 'utf8' })) reader.push(text as string).forEach(add)
    const last = reader.end()
    if (last) add(last)
    return { rows, bytes, days: new Map([...days].sort(([a], [b]) => (a < b ? -1 : 1))) }
  } catch (thrown) {
    if (thrown instanceof WaybillError) throw thrown
    throw new WaybillError('FILE_UNREADABLE', `cannot read ${path} (${(thrown as NodeJS.ErrnoException).code})`, {
      hint: 'check the path and that this user may read it',
      cause: thrown,
    })
  }
}
