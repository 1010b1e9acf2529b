import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { batchesIn } from './collection.ts'

/** The rows of every Parquet file in the folder, by its name. */
export async function parquetIn(directory: string): Promise<Record<string, readonly Record<string, unknown>[]>> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.parquet')).sort()
  const read = async (name: string) => {
    const file = new Uint8Array(await readFile(join(directory, name))).buffer
    return [name, await parquetReadObjects({ file, compressors })] as const
  }
  return Object.fromEntries(await Promise.all(names.map(read)))
}

/** The `value` of every row of every Parquet file, by the file's name. */
export async function parquetValues(directory: string): Promise<Record<string, readonly unknown[]>> {
  return Object.fromEntries(Object.entries(await parquetIn(directory)).map(([name, rows]) => [name, rows.map(({ value }) => value)]))
}

/** The labels of all points in the folder, finished or still collected. */
export async function labelsIn(directory: string): Promise<readonly Record<string, string>[]> {
  const finished = Object.values(await parquetIn(directory)).flatMap((rows) => rows.map(({ labels }) => labels as Record<string, string>))
  const collections = (await readdir(directory)).filter((name) => name.endsWith('.collecting'))
  for (const name of collections)
    for await (const batch of batchesIn(join(directory, name)))
      if (batch.signal === 'metrics') finished.push(...batch.points.map(({ series }) => Object.fromEntries(series.labels)))
  return finished
}
