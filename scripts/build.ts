/**
 * `npm run build`: compiles src to dist, or to the folder given, which is emptied first. Beside a compiled plugin lie its
 * README.md and example.yaml, which `waybill docs` shows.
 */
import { cpSync, globSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { execute } from './execute.ts'
import { root } from './root.ts'

/** Throws an Error with what the compiler says when it finds a mistake. */
export async function build(outDir: string): Promise<void> {
  rmSync(outDir, { recursive: true, force: true })
  const { ok, output } = await execute('tsc', ['--pretty', 'false', '-p', join(root, 'tsconfig.build.json'), '--outDir', outDir])
  if (!ok) throw new Error(`the sources do not compile:\n${output}`)
  const src = join(root, 'src')
  for (const path of globSync('*/*/{README.md,example.yaml}', { cwd: src })) cpSync(join(src, path), join(outDir, path))
}

if (import.meta.main) {
  const outDir = process.argv[2] ?? join(root, 'dist')
  await build(outDir)
  process.stdout.write(`compiled to ${relative(process.cwd(), outDir)}\n`)
}
