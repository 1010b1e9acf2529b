import type { Command } from 'commander'
import { fileSchema } from '../../src/agent/config/schema.ts'
import { aliasRows } from '../../src/agent/docs/aliases.ts'
import { fileSchemaOf } from '../../src/agent/docs/json-schema.ts'
import { optionsTable } from '../../src/agent/docs/options-table.ts'
import { exitCodeMeanings } from '../../src/cli/exit-codes.ts'
import { commands } from '../../src/cli/program.ts'
import { errorCodes } from '../../src/core/errors.ts'
import type { AnyPlugin } from '../../src/core/plugin.ts'
import type { z } from '../../src/sdk.ts'

/** What there is, with links. */
export function indexPage(plugins: readonly AnyPlugin[]): string {
  const rows = plugins.map(
    ({ kind, type, signals, stability, summary }) =>
      `| [${type}](${kind}s/${type}.md) | ${kind} | ${signals.join(', ')} | ${stability} | ${summary} |`,
  )
  return `# Reference

- [The configuration file](configuration.md); its JSON Schema for editors is schema/waybill.schema.json
- [Destinations](destinations.md), side by side
- [Data of storage arrays](array-data.md), as their exporters are given it
- [Names from elsewhere](seed-names.md)
- [The command line](cli.md)
- [Error codes](errors.md)

| type | kind | signals | stability | what it is |
|---|---|---|---|---|
${rows.join('\n')}
`
}

export function configurationPage(): string {
  return `# The configuration file

YAML. Keys are written in snake_case. A duration is a number with its unit (\`500ms\`, \`10s\`, \`5m\`, \`1h30m\`, \`7d\`), a size too
(\`64KiB\`, \`100MB\`, \`1GiB\`). Every error is told with its line, its column and what to do; a file with an error never starts.

| written | becomes |
|---|---|
| \`\${env:NAME}\` | the environment variable; an error when it is not set |
| \`\${env:NAME:-default}\` | the environment variable, or the default |
| \`\${file:/path}\` | the content of a file, without its last line break; an error when it cannot be read or is empty |
| \`$\${\` | \`\${\` |

An unquoted \`\${…}\` that makes up the whole value is read as YAML again, so \`port: \${env:PORT}\` is a number.

A running agent reads the file again on SIGHUP or \`POST /api/v1/reload\`. A file with errors changes nothing. A right one changes what is
different in it: everything else goes on with its queue, its books and its state. Changes under \`api\`, \`log\` and \`data_dir\` take effect at the next start.

What stands under \`config\` belongs to the plugin: see its own page. What stands beside it belongs to the agent:

${optionsTable(fileSchemaOf(fileSchema))}
`
}

/** Names of other systems that are understood. */
export function seedNamesPage(plugins: readonly AnyPlugin[]): string {
  const schemas = [fileSchema, ...plugins.flatMap(({ config }) => (config ? [config as z.ZodType] : []))]
  const rows = schemas.flatMap((schema) => aliasRows(schema)).map(({ alias, path, values }) => `| \`${alias}\` | \`${path}\` | ${values} |`)
  return `# Names from elsewhere

Configurations written for other systems use other names for some settings. These are understood as well; where both stand in one
place, that is an error.

A duration may have its unit in the name: \`flush_interval_seconds: 30\` is \`flush_interval: 30s\` (\`_ms\`, \`_seconds\`, \`_minutes\`, \`_hours\`).
So may a size: \`max_bytes_mb: 50\` is \`max_bytes: 50MB\` (\`_bytes\`, \`_kb\`, \`_mb\`, \`_gb\`).

| written | is | values |
|---|---|---|
${rows.join('\n')}

Where a default of such a system would lose data it is not ours: a buffer that is full refuses the newest, unless
\`drop_oldest_on_overflow\` says otherwise.
`
}

/** The help of every command as it is printed. */
export function commandLinePage(): string {
  const program = commands('<version>', () => {})
  const help = (command: Command) => {
    let text = ''
    command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 110 })
    command.outputHelp()
    return `\`\`\`\n${text.trimEnd()}\n\`\`\``
  }
  const pages = (parent: Command, path: string): string[] =>
    parent.commands
      .filter((command) => command.name() !== 'help')
      .flatMap((command) => [`## ${path} ${command.name()}\n\n${help(command)}`, ...pages(command, `${path} ${command.name()}`)])
  const codes = Object.entries(exitCodeMeanings).map(([code, meaning]) => `| ${code} | ${meaning} |`)
  return `# The command line\n\n${help(program)}\n\n## Exit codes\n\n| code | meaning |\n|---|---|\n${codes.join('\n')}\n\n${pages(program, 'waybill').join('\n\n')}\n`
}

export function errorsPage(): string {
  const rows = Object.entries(errorCodes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`)
  return `# Error codes

Mistakes are a \`WaybillError\` with a \`code\`, a \`message\` (what happened), often \`at\` (where) and a \`hint\` (what to do).
Outcomes of data are no mistakes: they are an \`ExportResult\`.

| code | meaning |
|---|---|
${rows.join('\n')}
`
}
