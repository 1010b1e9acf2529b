import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { readDailyCsv } from './daily-csv.ts'

function fileOf(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-daily-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'daily.csv'), text)
  return join(folder, 'daily.csv')
}

test('001-50 the costs of a daily export by day and namespace, with labels in quotes between', async (t) => {
  const text = `Date,Namespace,Pod,TotalCost,Labels
2026-11-20,shop,web,1.5,"{""app"":""a,b""}"
2026-11-19,shop,web,1,
2026-11-20,shop,db,0.25,
2026-11-20,mail,smtp,,`
  const { rows, bytes, days } = await readDailyCsv(fileOf(t, text))
  assert.deepEqual([rows, bytes], [4, text.length])
  assert.deepEqual(
    [...days].map(([day, costs]) => [day, Object.fromEntries(costs)]),
    [
      ['2026-11-19', { shop: 1 }],
      ['2026-11-20', { shop: 1.75, mail: 0 }],
    ],
  )
})

test('a file that is another one, broken or not there is told', async (t) => {
  await assert.rejects(readDailyCsv(fileOf(t, 'Date,Cost\n')), { code: 'INVALID_OPTION', message: /has no column Namespace/ })
  await assert.rejects(readDailyCsv(fileOf(t, 'Date,Namespace,TotalCost\n2026-13-01,a,1\n')), { message: /"2026-13-01" where a date/ })
  await assert.rejects(readDailyCsv('/nowhere.csv'), { code: 'FILE_UNREADABLE', message: /ENOENT/ })
})
