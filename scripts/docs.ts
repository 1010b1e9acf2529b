/**
 * Writes the reference from the code (`--write`) or tells which pages are stale (`--check`, the default): a page per plugin,
 * the configuration file, the command line, the error codes, and the JSON Schema for editors.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Catalogue } from '../src/agent/catalogue.ts'
import { waybillSchema } from '../src/agent/docs/file-schema.ts'
import { pluginPage } from '../src/agent/docs/plugin-page.ts'
import { destinationsPage } from './docs/destinations-page.ts'
import { commandLinePage, configurationPage, errorsPage, indexPage, seedNamesPage } from './docs/pages.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const notice = '<!-- Made from the code by `npm run docs`; do not edit. -->\n\n'

/** Every generated file, by its path in the repository. */
export async function generate(): Promise<Map<string, string>> {
  const catalogue = new Catalogue()
  const plugins = await catalogue.all()
  const files = new Map<string, string>()
  for (const plugin of plugins)
    files.set(`docs/reference/${plugin.kind}s/${plugin.type}.md`, notice + (await pluginPage(plugin, catalogue.folder(plugin))))
  files.set('docs/reference/README.md', notice + indexPage(plugins))
  files.set('docs/reference/destinations.md', notice + destinationsPage(plugins))
  files.set('docs/reference/configuration.md', notice + configurationPage())
  files.set('docs/reference/seed-names.md', notice + seedNamesPage(plugins))
  files.set('docs/reference/cli.md', notice + commandLinePage())
  files.set('docs/reference/errors.md', notice + errorsPage())
  files.set('schema/waybill.schema.json', `${JSON.stringify(waybillSchema(plugins), null, 2)}\n`)
  return files
}

/** Paths that are missing, differ, or should not be there: made from code that is gone. Pages that people wrote are theirs. */
export function stale(files: ReadonlyMap<string, string>): string[] {
  const differing = [...files]
    .filter(([path, content]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== content)
    .map(([path]) => path)
  const present = ['docs/reference', 'schema'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  )
  const isMade = (path: string) => readFileSync(join(root, path), 'utf8').startsWith(notice)
  return [...differing, ...present.filter((path) => !files.has(path) && isMade(path))]
}

if (import.meta.main) {
  const files = await generate()
  const wrong = stale(files)
  if (process.argv.includes('--write')) {
    for (const path of wrong) {
      const content = files.get(path)
      if (content === undefined) rmSync(join(root, path))
      else {
        mkdirSync(dirname(join(root, path)), { recursive: true })
        writeFileSync(join(root, path), content)
      }
      process.stdout.write(`${content === undefined ? 'removed' : 'wrote'} ${path}\n`)
    }
  } else if (wrong.length > 0) {
    process.stderr.write(`stale: ${wrong.join(', ')}; run npm run docs\n`)
    process.exitCode = 1
  }
}
