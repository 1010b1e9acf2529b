import type { Command } from 'commander'

/** Adds `test` below `plugins`. Its code is imported when it runs. */
export function pluginsTestCommand(plugins: Command, exit: (code: number) => void): void {
  plugins
    .command('test')
    .description('run the contract of exporters on the exporters of a file')
    .argument('<file>', 'the file with the plugin')
    .option('--config <file>', 'a file with what would stand under config:, as YAML')
    .option('--report [file]', 'write a report, as Markdown, to waybill-plugin-report.md or that file')
    .addHelpText(
      'after',
      `\nExamples:\n${['./third-party.ts', './third-party.ts --report', './my-exporter.js --config settings.yaml --report report.md'].map((given) => `  $ waybill plugins test ${given}`).join('\n')}`,
    )
    .action(async (file, options) => exit(await (await import('./plugins-test.ts')).pluginsTest(file, options)))
}
