import { loadFile } from '../../agent/config/load.ts'
import { runTests } from '../../agent/tests/run-tests.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../print.ts'

/** `waybill test`: runs the tests that are written in a configuration. */
export async function test(file: string): Promise<number> {
  const outcomes = await runTests(await loadFile(file))
  const lines = outcomes.flatMap(({ name, differences }) => [
    `${differences.length === 0 ? 'ok    ' : 'FAILED'} ${name}`,
    ...differences.map((difference) => `       ${difference}`),
  ])
  const failed = outcomes.filter(({ differences }) => differences.length > 0).length
  const closing =
    outcomes.length === 0 ? `${file} has no tests: write them under tests:` : `${outcomes.length - failed} passed, ${failed} failed`
  print(`${[...lines, closing].join('\n')}\n`)
  return failed > 0 ? exitCodes.failure : exitCodes.ok
}
