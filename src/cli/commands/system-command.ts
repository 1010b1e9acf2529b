import { type Command, InvalidArgumentError, Option } from 'commander'
import { groups } from '../../dashboard/groups.ts'
import { themes } from '../../dashboard/theme.ts'
import { views } from '../../dashboard/view-state.ts'
import { collect } from './key-values.ts'
import { type OutputName, optionsOf, outputNames } from './system/options.ts'

/** Adds `system`. Its code is imported when it runs. */
export function systemCommand(program: Command, exit: (code: number) => void): void {
  const choice = (flags: string, text: string, choices: readonly string[]) => new Option(flags, text).choices(choices)
  const mode = (flag: string, group: keyof typeof groups) =>
    choice(`--${flag} <mode>`, `the charts of ${groups[group].title}`, groups[group].modes).default(groups[group].usual)
  const system = program
    .command('system')
    .description('watch this machine, and export what is measured')
    .optionsGroup('What and how often:')
    .option('-i, --refresh-ms <ms>', 'from one sample to the next', '1000')
    .option('--for <duration>', 'end by itself after this long, such as 10m')
    .addOption(choice('--naming <names>', 'the names of the metrics', ['cubestat', 'otel']).default('cubestat'))

    .optionsGroup('Outputs:')
    .addOption(
      new Option(
        '--output <outputs>',
        `${outputNames.join(', ')}: several with commas, or given several times (default: terminal on a terminal; in a pipe, csv to standard output)`,
      ).argParser(outputs),
    )
    .addOption(
      new Option(
        '--output-file <file>',
        'the file of csv or json, - for csv to standard output (default: cubestat.csv, cubestat.json); once for each of the two',
      ).argParser(collect),
    )
    .option('--append-output', 'write on in a file that is there, in place of replacing it')
    .addOption(
      choice('--csv-format <format>', 'wide: a row a sample; long: a row a value (default: wide to a file, long to standard output)', [
        'wide',
        'long',
      ]),
    )
    .option('--csv', 'long CSV to standard output, and nothing else')
    .option('--http-port <port>', 'serve what the charts show as JSON at /metrics, on a port of this machine')
    .option('--http-host <address>', 'at this address of it', '127.0.0.1')

    .optionsGroup('Prometheus:')
    .option('--prometheus-port <port>', 'the port to be scraped at; given, it is an output (default: 9090)')
    .option('--prometheus-address <address>', 'the address to listen at', '127.0.0.1')
    .option('--prometheus-token-file <file>', 'a file with a token that scrapers have to send; needed beyond this machine')

    .optionsGroup('InfluxDB:')
    .option('--influxdb-url <url>', 'its address', 'http://localhost:8086')
    .option('--influxdb-db <name>', 'the database, in versions 1 and 3', 'cubestat')
    .option('--influxdb-user <name>', 'the user, in version 1')
    .addOption(
      new Option('--influxdb-pass <password>', 'the password; given here, the list of processes shows it for a moment').env(
        'INFLUXDB_PASSWORD',
      ),
    )
    .option('--influxdb-pass-file <file>', 'a file with the password')
    .option('--influxdb-org <name>', 'the organization, in version 2')
    .option('--influxdb-bucket <name>', 'the bucket, in version 2 (default: cubestat)')
    .addOption(new Option('--influxdb-token <token>', 'the token, in versions 2 and 3; shown for a moment as well').env('INFLUXDB_TOKEN'))
    .option('--influxdb-token-file <file>', 'a file with the token')
    .addOption(choice('--influxdb-version <version>', 'its version (default: as the other options tell)', ['1', '2', '3']))
    .option('--influxdb-measurement <name>', 'the measurement', 'system_metrics')
    .addOption(new Option('--influxdb-tag <key=value>', 'a tag of every line; can be given several times').argParser(collect))
    .option('--influxdb-ca <file>', 'certificates to trust, as PEM')
    .option('--influxdb-cert <file>', 'a certificate to show')
    .option('--influxdb-key <file>', 'its private key')

    .optionsGroup('Terminal view, where it is shown:')
    .addOption(choice('--view <view>', 'which values are written on the rulers', views).default('one'))
    .addOption(choice('--theme <theme>', 'the colours', themes).default('col'))
    .addOption(choice('--cpu <mode>', 'the charts of CPUs (default: all, from 20 CPUs on by_cluster)', groups.cpu.modes))
    .addOption(mode('gpu', 'gpu'))
    .addOption(mode('memory', 'ram'))
    .addOption(mode('disk', 'disk'))
    .addOption(mode('network', 'network'))
    .addOption(mode('swap', 'swap'))
    .option('--buffer-size <samples>', 'how many samples are kept to scroll back to', '500')

    .optionsGroup('Recordings:')
    .option('--replay <file>', 'show a recording that was made with --output csv or json')
    .option('--speed <factor>', 'how many times faster than it was recorded', '1')

    .optionsGroup('Other:')
    .option('--data-dir <directory>', 'where it keeps what no output took (default: a new directory for temporary files)')
    .addOption(choice('--log-level <level>', 'from which level on to log', ['debug', 'info', 'warn', 'error']).default('info'))
    .helpOption('-h, --help', 'print help')
    .addHelpText(
      'after',
      `
q ends the terminal view, ? tells its other keys. SIGINT and SIGTERM deliver what is queued and stop; a second one leaves at once.

Examples:
  $ waybill system
  $ waybill system --output terminal,csv --refresh-ms 100
  $ waybill system --output json --output-file today.json --append-output --for 1h
  $ waybill system | head -20
  $ waybill system --output influxdb --influxdb-url https://influx:8086 --influxdb-user me --influxdb-pass-file secret
  $ waybill system --replay cubestat.csv --speed 10`,
    )
    .action(async (_options, command: Command) => exit(await (await import('./system.ts')).system(optionsOf(command))))
  for (const [spelling, name] of alsoSpelled) {
    system.addOption(new Option(`--${spelling} <number>`).hideHelp())
    system.on(`option:${spelling}`, (value: string) => system.setOptionValueWithSource(name, value, 'cli'))
  }
}

/** As cubestat has them. */
const alsoSpelled = [
  ['refresh_ms', 'refreshMs'],
  ['buffer_size', 'bufferSize'],
] as const

function outputs(value: string, others: readonly OutputName[] = []): readonly OutputName[] {
  const names = value.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !outputNames.includes(name as OutputName))
  if (unknown !== undefined) throw new InvalidArgumentError(`Allowed choices are ${outputNames.join(', ')}.`)
  return [...others, ...(names as OutputName[])]
}
