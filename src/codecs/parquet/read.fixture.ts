/** Parquet files, read by two others: hyparquet and DuckDB. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { type FileMetaData, type ParquetParsers, parquetMetadata, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

export type ReadRow = Readonly<Record<string, unknown>>

/** Integers of 64 bits as bigints, times in milliseconds as dates, in nanoseconds as bigints, JSON parsed. */
export async function rowsByHyparquet(file: Uint8Array): Promise<readonly ReadRow[]> {
  const parsers = { timestampFromNanoseconds: (value: bigint) => value } as unknown as ParquetParsers
  const rows = await parquetReadObjects({ file: bufferOf(file), compressors, parsers })
  return rows.map(withoutUndefined) as readonly ReadRow[]
}

/** In DuckDB's JSON: integers of 64 bits and times (in UTC, to a microsecond) as text, a map as an array of its entries. The file is the table `file`. */
export async function queryByDuckDb(file: Uint8Array, sql: string): Promise<readonly ReadRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-parquet-'))
  const connection = await (await duckDb()).connect()
  try {
    const path = join(folder, 'a.parquet')
    await writeFile(path, file)
    await connection.run("SET TimeZone = 'UTC'")
    await connection.run(`CREATE OR REPLACE TEMP VIEW file AS FROM read_parquet('${path}')`)
    return (await connection.runAndReadAll(sql)).getRowObjectsJson() as readonly ReadRow[]
  } finally {
    connection.closeSync()
    await rm(folder, { recursive: true })
  }
}

export const metadataOf = (file: Uint8Array): FileMetaData => parquetMetadata(bufferOf(file))

let instance: Promise<DuckDBInstance> | undefined

function duckDb(): Promise<DuckDBInstance> {
  instance ??= DuckDBInstance.create()
  return instance
}

const bufferOf = (file: Uint8Array): ArrayBuffer => new Uint8Array(file).buffer

/** hyparquet has undefined for groups and lists that are null. */
function withoutUndefined(value: unknown): unknown {
  if (value === undefined) return null
  if (Array.isArray(value)) return value.map(withoutUndefined)
  if (value?.constructor !== Object) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutUndefined(inner)]))
}
