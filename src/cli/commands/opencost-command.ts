import { type Command, Option } from 'commander'

/** Adds `opencost` and what is below it. Its code is imported when it runs. */
export function opencostCommand(program: Command, exit: (code: number) => void): void {
  const opencost = program.command('opencost').description('read costs from an OpenCost, as they are now')
  const choice = (flags: string, text: string, choices: readonly string[]) => new Option(flags, text).choices(choices)
  opencost
    .command('export')
    .description('export allocations and assets to files or standard output')
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
    .option('--allocation-output <file>', 'where allocations go: a file, a file: URL, or - for standard output')
    .option('--assets-output <file>', 'where assets go')
    .option('--output <file>', 'where the only data type goes; without --data-type allocations')
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
    .option('--include-idle', 'capacity that nobody asked for, as __idle__')
    .option('--share-idle', 'spread its cost over the workloads')
    .option('--filter <filter>', 'in OpenCost’s own language, such as namespace:"web"; for allocations, or with --data-type for assets')
    .option('--filter-types <types>', 'only assets of these types, such as Disk,LoadBalancer')
    .option('--run-id <id>', 'comes with every record')
    .option('--scenario-name <name>', 'comes with every record')
    .addOption(several('--metadata <key=value>', 'comes with every record; can be given several times'))
    .option('--timeout <duration>', 'how long the server may be silent', '5m')
    .option('--retries <times>', 'how often to ask again', '2')
    .option('--concurrency <requests>', 'how many steps to ask for at a time', '4')
    .option('--token-file <file>', 'a file with a token, sent as a bearer')
    .addOption(several('--header <name: value>', 'a header to send; can be given several times'))
    .option('--ca <file>', 'certificates to trust, as PEM')
    .option('--insecure', 'take any certificate')
    .option('--resume', 'go on with an export in steps that was interrupted')
    .option('--fail-on-empty', 'exit with 4 when there is nothing to export')
    .addHelpText(
      'after',
      `\nFiles appear when they are complete, and both or none. Examples:
  $ waybill opencost export --window 1h --aggregate namespace
  $ waybill opencost export --window 30m --output - --format csv
  $ waybill opencost export --window 90d --step 1d --allocation-output costs.json --assets-output assets.json --resume`,
    )
    .action(async (options) => exit(await (await import('./opencost-export.ts')).opencostExport(options)))
}

/** An option that can be given several times. */
const several = (flags: string, text: string): Option =>
  new Option(flags, text).argParser((value: string, others: readonly string[]) => [...others, value]).default([], 'none')
