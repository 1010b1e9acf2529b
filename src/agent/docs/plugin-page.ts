import { readFile } from 'node:fs/promises'
import type { AnyPlugin } from '../../core/plugin.ts'
import type { z } from '../../sdk.ts'
import { fileSchemaOf } from './json-schema.ts'
import { optionsTable } from './options-table.ts'

/**
 * A plugin's page in Markdown: its own README, what stands under `config`, and its example. `folder` is where these lie; a
 * plugin of the user, which has none, gets the page that its definition gives.
 */
export async function pluginPage(plugin: AnyPlugin, folder: URL | undefined): Promise<string> {
  const { kind, type, summary, signals, stability, requires = {} } = plugin
  const text = folder ? await readFile(new URL('README.md', folder), 'utf8') : `# ${type}\n\n${summary}\n`
  const example = folder && (await readFile(new URL('example.yaml', folder), 'utf8'))
  const packages = Object.entries(requires).map(([name, range]) => `\`npm install ${name}@${range}\``)
  return [
    text.trimEnd(),
    '',
    '## At a glance',
    '',
    `- A ${kind}, written as \`type: ${type}\`; ${stability}.`,
    `- Signals: ${signals.join(', ')}.`,
    ...(packages.length > 0 ? [`- Needs ${packages.join(', ')}.`] : []),
    '',
    '## Settings, under `config:`',
    '',
    plugin.config ? optionsTable(fileSchemaOf(plugin.config as z.ZodType)) : 'There is nothing to set.',
    ...(example ? ['', '## Example', '', '```yaml', example.trimEnd(), '```'] : []),
    '',
  ].join('\n')
}
