/**
 * `npm test [-- files]`. Most time of a small test file is the start of Node, so the files below src share a process, in three parts: what
 * needs little, with the properties and models that run for seconds, the plugins, and the rest. Those of the whole, which start
 * processes of their own, and those that need a process for themselves have one each. All run at once, each told of when it ends, and keep
 * compiled code for the next start of Node, theirs and those that they start. Exit code 1 when a test fails.
 */
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { root } from './root.ts'

/** What listens to the signals of its process, or fills its table of series. */
const byThemselves = ['src/dashboard/{dashboard,terminal}.test.ts', 'src/codecs/prometheus-text/lines.test.ts']

/** The less there is in memory, the less time garbage collection takes from what makes much of it. */
const small = 'core|controllers|dead-letters|delivery|files'
const plugins = 'codecs|exporters|storage|sources|receivers|processors|http'

const given = process.argv.slice(2)
const codes = await Promise.all(
  given.length > 0
    ? [run(['--test-concurrency=4', ...given])]
    : [
        ...[`@(${small})`, `@(${plugins})`, `!(${small}|${plugins})`].map((folders) =>
          run(['--test-isolation=none', ...together(`src/${folders}/**/*.test.ts`)]),
        ),
        run(['--test-concurrency=3', ...byThemselves, 'test/*.test.ts']),
      ],
)
process.exitCode = codes.some((code) => code !== 0) ? 1 : 0

function together(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: root, exclude: byThemselves }).sort()
}

async function run(args: readonly string[]): Promise<number | null> {
  // More room for what is new: less time for garbage collection.
  const flags = ['--max-semi-space-size=64', '--conditions=waybill-source', '--test', '--test-timeout=60000']
  // On a terminal a dot for each test, from all at once; elsewhere what each has to tell, one after the other.
  const atOnce = given.length === 0 && process.stdout.isTTY
  const child = spawn(process.execPath, [...flags, `--test-reporter=${atOnce ? 'dot' : 'spec'}`, ...args], {
    cwd: root,
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), ...process.env },
    stdio: ['ignore', atOnce ? 'inherit' : 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  if (child.stdout) process.stdout.write(await text(child.stdout))
  return ended
}
