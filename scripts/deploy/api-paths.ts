import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../root.ts'

/** The paths of the agent's API, from its source. */
export const apiPaths: readonly string[] = [
  ...readFileSync(join(root, 'src/agent/api/server.ts'), 'utf8').matchAll(/app\.get\(\s*'([^']+)'/g),
].map(([, path]) => path!)
