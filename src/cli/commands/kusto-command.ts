import { type Command, Option } from 'commander'

/** Adds `kusto` and what is below it. Its code is imported when it runs. */
export function kustoCommand(program: Command, exit: (code: number) => void): void {
  const kusto = program.command('kusto').description('what Azure Data Explorer (Kusto) needs for the exports of opencost')
  kusto
    .command('schema')
    .description('print the commands that create the tables and mappings, and those that take files in')
    .addOption(new Option('--kusto-schema <version>', 'as with opencost export').choices(['v1', 'v2']).default('v1'))
    .option('--run-id', 'with the column of a run id (v1)')
    .option('--scenario-name', 'with the column of a scenario name (v1)')
    .addOption(
      new Option('--metadata <key>', 'with the column of this metadata key (v1); can be given several times')
        .argParser((value: string, others: readonly string[]) => [...others, value])
        .default([], 'none'),
    )
    .option('--blob-url <url>', 'where the files lie', 'https://<storage account>.blob.core.windows.net/<container>')
    .addOption(new Option('--format <format>', 'that of the files').choices(['kusto', 'jsonl', 'json']).default('kusto'))
    .addHelpText(
      'after',
      '\nExamples:\n  $ waybill kusto schema\n  $ waybill kusto schema --kusto-schema v2\n  $ waybill kusto schema --run-id --metadata environment',
    )
    .action(async (options) => exit((await import('./kusto-schema.ts')).kustoSchema(options)))
  kusto
    .command('queries')
    .description('print queries to begin with')
    .addHelpText('after', '\nExamples:\n  $ waybill kusto queries')
    .action(async () => exit((await import('./kusto-queries.ts')).kustoQueries()))
  kusto
    .command('ingest')
    .description('queue files for a cluster, which takes them in within minutes; needs the package azure-kusto-ingest')
    .argument('<files...>', 'what opencost export and opencost metrics --tables wrote; .gz too')
    .option('--cluster <url>', 'the cluster: https://<name>.<region>.kusto.windows.net')
    .option('--database <name>', 'its database')
    .option('--table <name>', 'the table; by default that which has the columns of the file')
    .option('--token-file <file>', 'a file with an access token, in place of the login of the Azure CLI')
    .option('--managed-identity [client id]', 'the managed identity of this machine, or one of several')
    .option('--client-id <id>', 'an application, with --tenant and --key-file')
    .option('--tenant <id>', 'the tenant of the application')
    .option('--key-file <file>', 'a file with the key of the application')
    .option('--dry-run', 'only print what would be queued')
    .addHelpText(
      'after',
      `\nExamples:
  $ waybill kusto ingest opencost_live_*.json --cluster https://costs.westeurope.kusto.windows.net --database costs
  $ waybill kusto ingest costs.json --dry-run`,
    )
    .action(async (files, options) => exit(await (await import('./kusto-ingest.ts')).kustoIngest(files, options)))
}
