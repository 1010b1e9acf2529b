import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Check } from '../check.ts'
import { root } from '../root.ts'

const most = { packages: 80, megabytes: 40 }

interface Locked {
  readonly dev?: true
  readonly devOptional?: true
  readonly optional?: true
  readonly peer?: true
}

/** What `npm install waybill` brings: the packages of the lock file that are neither for development nor optional, and this one. */
export default {
  name: 'footprint',
  async run() {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Readonly<Record<string, Locked>> }
    const brought = Object.entries(packages).flatMap(([path, { dev, devOptional, optional, peer }]) =>
      path === '' || dev || devOptional || optional || peer ? [] : [path],
    )
    const bytes = brought.reduce(
      (sum, path) => sum + bytesIn(path, 'node_modules/**'),
      bytesIn('bin') + bytesIn('dist') + bytesIn('schema'),
    )
    const megabytes = bytes / 1e6
    return {
      ok: brought.length <= most.packages && megabytes <= most.megabytes,
      summary: `${brought.length} packages (at most ${most.packages}), ${megabytes.toFixed(1)} MB (at most ${most.megabytes})`,
    }
  },
} satisfies Check

/** Sizes of the files, without what is in packages inside of it that have an entry of their own. */
function bytesIn(folder: string, ...but: readonly string[]): number {
  const files = globSync('**/*', { cwd: join(root, folder), exclude: [...but], withFileTypes: true })
  return files.filter((entry) => entry.isFile()).reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}
