import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { signals } from '../../core/index.ts'
import { batches } from './batches.fixture.ts'
import { ParquetEncoder } from './parquet.ts'
import { queryByDuckDb } from './read.fixture.ts'

const golden = (file: string): Buffer => readFileSync(join(import.meta.dirname, 'golden', file))

for (const signal of signals)
  test(`${signal}: the bytes are the known ones, and DuckDB reads from them what is known to be in them`, async () => {
    const bytes = new ParquetEncoder().encode(batches[signal])
    assert.deepEqual(Buffer.from(bytes), golden(`${signal}.parquet`))
    const rows = await queryByDuckDb(bytes, 'FROM file')
    assert.deepEqual(JSON.parse(JSON.stringify(rows)), JSON.parse(golden(`${signal}.json`).toString()))
  })
