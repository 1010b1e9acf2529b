import { type Command, Option } from 'commander'

/** Adds `opencost` and what is below it. Its code is imported when it runs. */
export function opencostCommand(program: Command, exit: (code: number) => void): void {
  const opencost = program.command('opencost').description('read costs from an OpenCost, as they are now')
  const choice = (flags: string, text: string, choices: readonly string[]) => new Option(flags, text).choices(choices)
  reached(
    opencost
      .command('export')
      .description('export allocations and assets to files, buckets or standard output')
      .option('--endpoint <url>', 'the address of the API', 'http://localhost:9003')
      .option('--port <port>', 'another port of it')
      .option('--window <window>', 'the span of time: 30m, 1h30m, 7d, today, lastweek, or a start and an end with a comma between', '1h')
      .option('--step <duration>', 'ask for each step of the window by itself, such as 1d; a row for each of them')
      .option('--accumulate', 'one row over all steps: the server takes the steps and adds them up')
      .option(
        '--aggregate <level>',
        'container, pod, controller, namespace, node, label:<name> …; of assets type, account, project, service …',
      )
      .option('--assets-aggregate <level>', 'the level of the assets alone; `asset` for each by itself')
      .addOption(choice('--data-type <type>', 'only one of the two', ['allocation', 'assets']))
      .option(
        '--allocation-output <file>',
        'where allocations go: a file, its address in a bucket (s3:, az:, gs:), or - for standard output',
      )
      .option('--assets-output <file>', 'where assets go')
      .option('--output <file>', 'where the only data type goes; without --data-type allocations')
      .option('--to <exporter>', 'hand the rows to this exporter of a configuration, in place of files')
      .option('--config <file>', 'the configuration that has it', 'waybill.yaml')
      .addOption(
        choice('--format <format>', 'kusto and jsonl: a record on each line; json: a list; focus: CSV with the columns of FOCUS 1.0', [
          'kusto',
          'json',
          'jsonl',
          'csv',
          'focus',
        ]).default('kusto'),
      )
      .addOption(
        choice('--kusto-schema <version>', 'v1: a column for each metadata key; v2: RunId, ScenarioName, Metadata', ['v1', 'v2']).default(
          'v1',
        ),
      )
      .option('--currency <code>', 'the currency that OpenCost is set to, for focus', 'USD')
      .option('--include-idle', 'capacity that nobody asked for, as __idle__')
      .option('--share-idle', 'spread its cost over the workloads')
      .option('--filter <filter>', 'in OpenCost’s own language, such as namespace:"web"; for allocations, or with --data-type for assets')
      .option('--filter-types <types>', 'only assets of these types, such as Disk,LoadBalancer')
      .option('--run-id <id>', 'comes with every record')
      .option('--scenario-name <name>', 'comes with every record')
      .addOption(several('--metadata <key=value>', 'comes with every record; can be given several times'))
      .option('--concurrency <requests>', 'how many steps to ask for at a time', '4')
      .option('--resume', 'go on with an export in steps that was interrupted')
      .option('--fail-on-empty', 'exit with 4 when there is nothing to export'),
  )
    .addHelpText(
      'after',
      `\nFiles appear when they are complete, and both or none; in a bucket each appears when it is complete. A bucket needs its client
(@aws-sdk/client-s3 and @aws-sdk/lib-storage, @azure/storage-blob, @google-cloud/storage) and the credentials of the environment. Examples:
  $ waybill opencost export --window 1h --aggregate namespace
  $ waybill opencost export --window 30m --output - --format csv
  $ waybill opencost export --window yesterday --output "s3://company-costs/yesterday.json?region=eu-west-1"
  $ waybill opencost export --window yesterday --to warehouse --config waybill.yaml
  $ waybill opencost export --window 90d --step 1d --allocation-output costs.json --assets-output assets.json --resume`,
    )
    .action(async (options) => exit(await (await import('./opencost-export.ts')).opencostExport(options)))
  reached(
    opencost
      .command('metrics')
      .description('collect the metrics of an OpenCost, or those of it in a Prometheus or VictoriaMetrics, as JSON')
      .option('--host <host>', 'where OpenCost is', 'localhost')
      .option('--port <port>', 'its port', '9003')
      .option('--url <url>', 'the whole address in place of both, such as http://localhost:8428/federate')
      .option('--all', 'keep all metrics, not only those about costs')
      .option('--output <file>', 'where the JSON goes: a file, its address in a bucket (s3:, az:, gs:), or - for standard output')
      .option('--tables <folder>', 'write the three tables for Kusto to this folder, too')
      .option('--currency <code>', 'the currency that OpenCost is set to, for the tables', 'USD')
      .option('--summary', 'print a summary; without --output nothing else'),
  )
    .addHelpText(
      'after',
      `\nExamples:
  $ waybill opencost metrics --summary
  $ waybill opencost metrics --host 192.168.1.100 --output metrics.json
  $ waybill opencost metrics --url http://localhost:8428/federate --tables .`,
    )
    .action(async (options) => exit(await (await import('./opencost-metrics.ts')).opencostMetrics(options)))
  reached(
    opencost
      .command('compare')
      .description('compare the daily CSV export of OpenCost with the live export; from a real run of either where one is given')
      .option('--csv <file>', 'what the daily export has written')
      .option('--endpoint <url>', 'the address of the API, to measure a live export')
      .option('--port <port>', 'another port of it')
      .option('--window <window>', 'the span of time of the live export', '1h'),
  )
    .addHelpText(
      'after',
      `\nWith both, the costs of the last days of the file stand beside those that OpenCost tells now. Examples:
  $ waybill opencost compare
  $ waybill opencost compare --csv opencost.csv --endpoint http://localhost:9003`,
    )
    .action(async (options) => exit(await (await import('./opencost-compare.ts')).opencostCompare(options)))
}

/** Adds the options about how a server is reached. */
const reached = (command: Command): Command =>
  command
    .option('--timeout <duration>', 'how long the server may be silent', '5m')
    .option('--retries <times>', 'how often to ask again', '2')
    .option('--token-file <file>', 'a file with a token, sent as a bearer')
    .addOption(several('--header <name: value>', 'a header to send; can be given several times'))
    .option('--ca <file>', 'certificates to trust, as PEM')
    .option('--insecure', 'take any certificate')

/** An option that can be given several times. */
const several = (flags: string, text: string): Option =>
  new Option(flags, text).argParser((value: string, others: readonly string[]) => [...others, value]).default([], 'none')
