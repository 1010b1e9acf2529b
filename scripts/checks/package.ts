/** Builds and packs the package, and uses it as somebody does who has installed it: no sources, no conditions. */
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from '../build.ts'
import type { Check, Outcome } from '../check.ts'
import { execute } from '../execute.ts'
import { root } from '../root.ts'
import { subpaths } from '../subpaths.ts'

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string; files: string[] }

export default {
  name: 'package',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'waybill-package-'))
    try {
      return await examine(folder)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
} satisfies Check

async function examine(folder: string): Promise<Outcome> {
  const { size, files } = await installInto(folder)
  const specifiers = subpaths(root).all
  const steps = [
    noTests(files),
    await imports(folder, specifiers),
    await types(folder, specifiers),
    await command(folder, ['--version'], manifest.version),
    await command(folder, ['docs', 'console'], '# console'),
  ]
  const failures = steps.filter((failure) => failure !== undefined)
  return {
    ok: failures.length === 0,
    summary: `${files.length} files, ${Math.round(size / 1024)} KiB packed, ${specifiers.length} subpaths`,
    details: failures.join('\n'),
  }
}

/** Builds, packs and unpacks the package to `<folder>/node_modules/waybill`, with the dependencies that are installed here. */
async function installInto(folder: string): Promise<{ size: number; files: string[] }> {
  const stage = join(folder, 'stage')
  await build(join(stage, 'dist'))
  for (const path of ['package.json', ...globSync('{README,LICENSE}*', { cwd: root }), ...manifest.files.filter((path) => path !== 'dist')])
    if (existsSync(join(root, path))) cpSync(join(root, path), join(stage, path), { recursive: true })

  const packed = await execute('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: stage })
  if (!packed.ok) throw new Error(`npm pack failed:\n${packed.output}`)
  const [tarball] = JSON.parse(packed.stdout) as [{ filename: string; size: number; files: { path: string }[] }]

  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, 'waybill'), { recursive: true })
  for (const name of readdirSync(join(root, 'node_modules')).filter((name) => !name.startsWith('.')))
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  const unpacked = await execute('tar', ['-xzf', join(folder, tarball.filename), '--strip-components=1', '-C', join(modules, 'waybill')])
  if (!unpacked.ok) throw new Error(`tar failed:\n${unpacked.output}`)
  return { size: tarball.size, files: tarball.files.map(({ path }) => path) }
}

function noTests(files: readonly string[]): string | undefined {
  const unwanted = files.filter((path) => /\.(test|fixture)\.|\/fixtures\//.test(path))
  return unwanted.length > 0 ? `these are only for tests and are packed: ${unwanted.join(', ')}` : undefined
}

async function imports(folder: string, specifiers: readonly string[]): Promise<string | undefined> {
  const lines = specifiers.map(
    (specifier) => `await import('${specifier}'${specifier.endsWith('.json') ? ", { with: { type: 'json' } }" : ''})`,
  )
  writeFileSync(join(folder, 'imports.js'), lines.join('\n'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const { ok, output } = await execute(process.execPath, ['imports.js'], { cwd: folder })
  return ok ? undefined : `a subpath cannot be imported:\n${output}`
}

async function types(folder: string, specifiers: readonly string[]): Promise<string | undefined> {
  const modules = specifiers.filter((specifier) => !specifier.endsWith('.json'))
  // A property that no module has must be an error: where the types are not found everything is allowed.
  const lines = modules.flatMap((specifier, n) => [
    `import * as m${n} from '${specifier}'`,
    '// @ts-expect-error',
    `export const no${n} = m${n}.noSuchName`,
  ])
  writeFileSync(join(folder, 'types.ts'), lines.join('\n'))
  const options = ['--noEmit', '--strict', '--target', 'esnext', '--module', 'nodenext', '--types', 'node', '--pretty', 'false']
  const { ok, output } = await execute('tsc', [...options, 'types.ts'], { cwd: folder })
  return ok ? undefined : `the types do not hold:\n${output}`
}

async function command(folder: string, args: readonly string[], expected: string): Promise<string | undefined> {
  const { ok, stdout, output } = await execute(process.execPath, [join(folder, 'node_modules/waybill/bin/waybill'), ...args])
  return ok && stdout.includes(expected) ? undefined : `waybill ${args.join(' ')} does not print ${expected}:\n${output}`
}
