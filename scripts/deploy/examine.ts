import { join } from 'node:path'
import { root } from '../root.ts'
import { composeProblems } from './compose.ts'
import { dockerfileProblems } from './dockerfile.ts'
import { kubernetesProblems } from './kubernetes.ts'
import { unitProblems } from './unit.ts'

/** Everything that is wrong with a copy of deploy/, a line each. The image is always built from this repository. */
export async function examine(folder: string): Promise<readonly string[]> {
  const problems = await Promise.all([
    composeProblems(folder),
    dockerfileProblems(join(folder, 'Dockerfile'), root),
    kubernetesProblems(join(folder, 'kubernetes')),
    unitProblems(join(folder, 'systemd/waybill.service')),
  ])
  return problems.flat()
}
