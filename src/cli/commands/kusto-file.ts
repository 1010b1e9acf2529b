import { createReadStream } from 'node:fs'
import { extname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { CsvReader } from '../../codecs/csv/reader.ts'
import { WaybillError } from '../../core/errors.ts'
import { toError } from '../../core/result.ts'
import type { FileProperties } from '../../kusto/queued-ingestion.ts'
import { mappingName } from '../../kusto/table-commands.ts'
import { analysisTable, metricsTable, wideTable } from '../../opencost/metrics/metrics-tables.ts'
import { allocationTable, assetsTable } from '../../opencost/tables.ts'

const plain = { schema: 'v1', metadata: {} } as const
const tables = [allocationTable(plain), assetsTable(plain), metricsTable, analysisTable, wideTable]

/** As much of a file as its first record may take. */
const mostBytes = 1_048_576

/**
 * What a file holds, by its first record: how it is written, and, unless that is given, whose columns it has. Rejects with
 * WaybillError `FILE_UNREADABLE` or `INVALID_OPTION`.
 */
export async function filePropertiesOf(path: string, table?: string): Promise<FileProperties> {
  const text = (await beginningOf(path)).trimStart()
  const csv = extname(path.replace(/\.gz$/, '')) === '.csv'
  const names = csv ? new Set(new CsvReader().push(`${text}\n`)[0]) : new Set(Object.keys(firstRecord(text)))
  if (names.size === 0) throw refused(path, 'holds no record', 'give a file that `waybill opencost export` or `metrics --tables` wrote')
  const found = table ?? tables.find(({ columns }) => columns.every(({ name }) => names.has(name)))?.name
  if (found === undefined) throw refused(path, 'has the columns of no table that is known', 'say which with --table')
  if (csv) return { table: found, format: 'csv' }
  return { table: found, format: text.startsWith('[') ? 'multijson' : 'json', mapping: mappingName({ name: found, columns: [] }) }
}

const refused = (path: string, why: string, hint: string) => new WaybillError('INVALID_OPTION', `${path} ${why}`, { hint })

const unreadable = (path: string, error: NodeJS.ErrnoException) =>
  new WaybillError('FILE_UNREADABLE', `cannot read ${path} (${error.code ?? error.message})`, {
    hint: 'check the path and that this user may read it',
    cause: error,
  })

async function beginningOf(path: string): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  const read = async (source: AsyncIterable<Buffer>) => {
    for await (const piece of source) {
      pieces.push(piece)
      bytes += piece.length
      if (bytes >= mostBytes) break
    }
  }
  try {
    const file = createReadStream(path)
    await (path.endsWith('.gz') ? pipeline(file, createGunzip(), read) : read(file))
  } catch (thrown) {
    // Whoever has seen enough ends the stream before it.
    if (bytes < mostBytes) throw unreadable(path, toError(thrown))
  }
  return Buffer.concat(pieces).toString()
}

/** The first object of JSON lines, or of a list with an object on each line, as the export writes it; empty for anything else. */
function firstRecord(text: string): object {
  const line = text.replace(/^\[\s*/, '').split('\n', 1)[0]!
  try {
    return Object(JSON.parse(line.replace(/,?\s*\]?\s*$/, ''))) as object
  } catch {
    return {}
  }
}
