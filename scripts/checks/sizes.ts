import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Check } from '../check.ts'
import { root } from '../root.ts'

const limit = 300
const thinkAt = 200

export default {
  name: 'sizes',
  async run() {
    const files = globSync(['src/**/*.ts', 'test/**/*.ts', 'scripts/**/*.ts'], { cwd: root })
      .sort()
      .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n').length - 1 }))
    const sources = files.filter(({ path }) => path.startsWith('src') && !/\.(test|fixture)\.ts$|\/fixtures\//.test(path))
    const tooLong = files.filter(({ lines }) => lines > limit)
    const long = sources.filter(({ lines }) => lines > thinkAt && lines <= limit)
    const sorted = sources.map(({ lines }) => lines).sort((a, b) => a - b)
    const list = (title: string, found: typeof files) => found.map(({ path, lines }) => `${title}: ${path} has ${lines} lines`)
    return {
      ok: tooLong.length === 0,
      summary: `${sources.length} source files, median ${sorted[sorted.length >> 1]} lines, longest ${sorted.at(-1)}; ${tooLong.length} files over ${limit}`,
      details: [...list(`over ${limit}`, tooLong), ...list('think', long)].join('\n'),
    }
  },
} satisfies Check
