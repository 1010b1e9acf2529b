import type { Check } from '../check.ts'
import { execute } from '../execute.ts'
import { root } from '../root.ts'

export default {
  name: 'types',
  async run() {
    const { ok, output } = await execute('tsc', ['--noEmit', '--pretty', 'false', '-p', root])
    const errors = output.split('\n').filter((line) => line.includes(': error TS')).length
    return ok ? { ok, summary: 'no errors' } : { ok, summary: `${errors} errors`, details: output }
  },
} satisfies Check
