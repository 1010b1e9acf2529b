import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** The code blocks of a page that have a file name, as ```` ```ts file=name.ts ````, by that name. `page` is relative to the checkout. */
export function filesOf(page: string): ReadonlyMap<string, string> {
  const markdown = readFileSync(join(root, page), 'utf8')
  return new Map([...markdown.matchAll(/^```\w+ file=(\S+)\n([\s\S]*?)^```$/gm)].map(([, name, content]) => [name!, content!]))
}

/** The shell commands of a page that are to be run: its blocks ```` ```sh run ````, in their order. */
export function commandsOf(page: string): readonly string[] {
  const markdown = readFileSync(join(root, page), 'utf8')
  return [...markdown.matchAll(/^```sh run\n([\s\S]*?)^```$/gm)].map(([, text]) => text!)
}

/** Writes files to a new folder and gives its path. It is below the checkout, where they find the package's own modules. */
export function unpack(files: ReadonlyMap<string, string>): string {
  const folder = mkdtempSync(join(root, 'test', 'guide-'))
  for (const [name, content] of files) writeFileSync(join(folder, name), content)
  return folder
}
