import { join } from 'node:path'
import type { Check } from '../check.ts'
import { examine } from '../deploy/examine.ts'
import { root } from '../root.ts'

export default {
  name: 'deploy',
  async run() {
    const problems = await examine(join(root, 'deploy'))
    return problems.length === 0
      ? { ok: true, summary: 'image, compose, Kubernetes and systemd agree with the agent' }
      : { ok: false, summary: `${problems.length} problems`, details: problems.join('\n') }
  },
} satisfies Check
