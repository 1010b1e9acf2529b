import type { Check } from '../check.ts'
import { execute } from '../execute.ts'
import { root } from '../root.ts'

export default {
  name: 'lint',
  async run() {
    const { ok, stdout, output } = await execute('biome', ['check', '--colors=off', '.'], { cwd: root })
    const [checked] = /Checked \d+ files/.exec(stdout) ?? []
    return ok
      ? { ok, summary: checked?.toLowerCase() ?? 'nothing was checked' }
      : { ok, summary: 'npm run format mends most of it', details: output }
  },
} satisfies Check
