import type { Row, Table } from '../core/index.ts'
import { FileOutput } from './output.ts'
import { rowWriter } from './row-writer.ts'

export interface RowsFile {
  readonly path: string
  readonly table: Table
  readonly rows: readonly Row[]
}

/** Writes rows, at least one each, to files, an object on each line, all files or none. Rejects with WaybillError `DESTINATION_UNAVAILABLE`. */
export async function writeRows(files: readonly RowsFile[]): Promise<void> {
  const outputs = files.map(({ path }) => new FileOutput(path))
  try {
    for (const [index, { table, rows }] of files.entries()) {
      const writer = rowWriter('kusto', table)
      await outputs[index]!.write(writer.rows(rows, true))
      await outputs[index]!.write(Buffer.from(writer.tail))
    }
    for (const output of outputs) await output.commit()
  } catch (thrown) {
    await Promise.all(outputs.map((output) => output.discard()))
    throw thrown
  }
}
