import { join } from 'node:path'
import type { Check } from '../check.ts'
import { execute } from '../execute.ts'
import { root } from '../root.ts'

export default {
  name: 'docs',
  async run() {
    const { ok, output } = await execute(process.execPath, ['--conditions=waybill-source', join(root, 'scripts/docs.ts'), '--check'])
    return ok ? { ok, summary: 'fresh' } : { ok, summary: 'npm run docs writes them', details: output }
  },
} satisfies Check
