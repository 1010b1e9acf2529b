import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'
import { createContext } from '../../sdk.ts'
import { JsonExporter } from './json.ts'

/** A program that exports samples one after another from the number given on, and prints each number once it was acknowledged. */
const program = (filename: string) => `
  import { JsonExporter } from ${JSON.stringify(new URL('./json.ts', import.meta.url).href)}
  import { createContext, metrics, series } from ${JSON.stringify(new URL('../../sdk.ts', import.meta.url).href)}
  const exporter = new JsonExporter({ filename: ${JSON.stringify(filename)}, append: true })
  const names = Array.from({ length: 12 }, (_, n) => series('metric.' + n))
  for (let n = Number(process.argv[1]); ; n++) {
    const points = names.map((series) => ({ series, timeMs: n, value: n }))
    const { status } = await exporter.export(new Date(n), metrics(points), createContext())
    process.stdout.write(status + ' ' + n + '\\n')
  }
`

const kills = 12

test('J1 killed at any moment, the file is an array that holds everything that was acknowledged', async (t) => {
  const filename = join(temporaryFolder(t), 'a.json')
  let next = 0
  let whole = 0
  for (let kill = 0; kill < kills; kill++) {
    const args = ['--conditions=waybill-source', '--input-type=module', '-e', program(filename), String(next)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const closed = once(child, 'close')
    const first = next
    const enough = next + 1 + Math.floor(Math.random() * 200)
    for await (const line of createInterface({ input: child.stdout })) {
      assert.equal(line, `ok ${next}`)
      if (next++ === enough) child.kill('SIGKILL')
    }
    await closed
    const text = readFileSync(filename, 'utf8')
    if (isJson(text)) whole++
    else await mend(filename)
    const times: number[] = JSON.parse(readFileSync(filename, 'utf8')).map(({ timestamp }: { timestamp: number }) =>
      Math.round(timestamp * 1000),
    )
    assert.ok(next > first && times.length >= next, `${next} were acknowledged, ${times.length} are there`)
    assert.deepEqual(
      times,
      Array.from({ length: times.length }, (_, n) => n),
    )
    next = times.length
  }
  // A write that crosses from one page to the next can be cut there: a matter of a microsecond, which the next start mends.
  assert.ok(whole >= kills - 1, `${whole} of ${kills} times the file was an array when the process had been killed`)
})

async function mend(filename: string): Promise<void> {
  const exporter = new JsonExporter({ filename, append: true })
  await exporter.start(createContext())
  await exporter.stop(createContext())
}

function isJson(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text))
  } catch {
    return false
  }
}
