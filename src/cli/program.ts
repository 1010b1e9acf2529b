import { Command, Option } from 'commander'
import { arraysCommand } from './commands/arrays-command.ts'
import { bufferCommand } from './commands/buffer-command.ts'
import { dlqCommand } from './commands/dlq-command.ts'
import { kustoCommand } from './commands/kusto-command.ts'
import { opencostCommand } from './commands/opencost-command.ts'
import { pluginsTestCommand } from './commands/plugins-test-command.ts'
import { simulateCommand } from './commands/simulate-command.ts'
import { systemCommand } from './commands/system-command.ts'
import { exitCodeMeanings } from './exit-codes.ts'

/** The commands, their options and their help. Each command's code is imported when it runs. `exit` is told the exit code. */
export function commands(version: string, exit: (code: number) => void): Command {
  const program = new Command('waybill')
    .description(
      'Takes telemetry, alerts and cost data from where they are produced to wherever they are analysed, and keeps a receipt for every record.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .showSuggestionAfterError()
    .configureOutput({
      outputError: (text, write) => write(`${text.trim().replace(/\s*\n\s*/g, ' ')}; waybill --help tells what there is\n`),
    })
    .addHelpText(
      'after',
      examples('waybill run', 'waybill run waybill.yaml --for 10s', 'waybill check waybill.yaml', 'waybill ledger', 'waybill docs file'),
    )
    .addHelpText(
      'after',
      `\nExit codes:\n${Object.entries(exitCodeMeanings)
        .map(([code, meaning]) => `  ${code}  ${meaning}`)
        .join('\n')}`,
    )

  program
    .command('run')
    .description('run the agent: with no file, this machine’s metrics to a file, a database and Prometheus')
    .argument('[file]', 'the configuration, as YAML')
    .option('--for <duration>', 'stop by itself after this long, such as 10s')
    .option('--data-dir <directory>', 'where the agent keeps what it must, in place of the configuration’s')
    .addOption(new Option('--log-level <level>', 'from which level on to log').choices(['debug', 'info', 'warn', 'error']))
    .addOption(new Option('--log-format <format>', 'how to log').choices(['text', 'json']))
    .addHelpText('after', '\nSIGINT and SIGTERM deliver what is queued and stop; a second one leaves at once. SIGHUP reads the file again.')
    .addHelpText('after', examples('waybill run', 'waybill run waybill.yaml', 'waybill run --for 10s --data-dir ./try'))
    .action(async (file, options) => exit(await (await import('./commands/run.ts')).run(file, options)))

  program
    .command('check')
    .description('check a configuration without starting anything')
    .argument('<file>', 'the configuration, as YAML')
    .addHelpText('after', examples('waybill check waybill.yaml'))
    .action(async (file) => exit(await (await import('./commands/check.ts')).check(file)))

  program
    .command('test')
    .description('run the tests that are written in a configuration')
    .argument('<file>', 'the configuration, as YAML')
    .addHelpText('after', examples('waybill test waybill.yaml'))
    .action(async (file) => exit(await (await import('./commands/test.ts')).test(file)))

  program
    .command('diagnose')
    .description('look whether this machine and the destinations are fit for work; sends nothing')
    .argument('[file]', 'the configuration, as YAML')
    .option('--data-dir <directory>', 'where the agent keeps what it must, in place of the configuration’s')
    .option('--json', 'as JSON')
    .option('--output <directory>', 'write the report to a file there as well')
    .option('--cluster <name>', 'the cluster that the report is of, a directory of its path', 'default')
    .addHelpText('after', examples('waybill diagnose', 'waybill diagnose waybill.yaml --json', 'waybill diagnose --output ./reports'))
    .action(async (file, options) => exit(await (await import('./commands/diagnose.ts')).diagnose(file, options)))

  program
    .command('backfill')
    .description('make the hours and days that an exporter of type windows has stored anew from the shorter windows')
    .argument('<file>', 'the configuration, as YAML')
    .argument('<exporter>', 'its name there')
    .requiredOption('--from <time>', 'from the window of this time on, such as 2026-01-05 or 2026-01-05T12:00:00Z')
    .option('--to <time>', 'up to this time; now when it is left out')
    .option('--data-dir <directory>', 'where the agent keeps what it must, in place of the configuration’s')
    .addHelpText('after', examples('waybill backfill waybill.yaml usage --from 2026-01-01 --to 2026-02-01'))
    .action(async (file, name, options) => exit(await (await import('./commands/backfill.ts')).backfill(file, name, options)))

  agentOptions(program.command('ledger'))
    .description('show the books of the running agent')
    .option('--json', 'as JSON')
    .addHelpText('after', examples('waybill ledger', 'waybill ledger --json', 'waybill ledger --api http://127.0.0.1:9465'))
    .action(async (options) => exit(await (await import('./commands/ledger.ts')).ledger(options)))

  agentOptions(program.command('tap'))
    .description('show live what passes an exporter or pipeline of the running agent')
    .argument('<name>', 'the exporter or pipeline')
    .option('--limit <records>', 'end after so many records')
    .option('--for <duration>', 'end after this long, such as 10s')
    .addHelpText('after', examples('waybill tap file', 'waybill tap host-metrics --limit 5', 'waybill tap file | jq .value'))
    .action(async (name, options) => exit(await (await import('./commands/tap.ts')).tap(name, options)))

  const plugins = program.command('plugins')
  plugins
    .description('list the sources, receivers, processors and exporters that there are')
    .argument('[file]', 'a configuration whose own plugins are listed too')
    .option('--json', 'as JSON')
    .addHelpText('after', examples('waybill plugins', 'waybill plugins waybill.yaml'))
    .action(async (file, options) => exit(await (await import('./commands/plugins.ts')).plugins(file, options)))

  program
    .command('docs')
    .description('print the page of a plugin')
    .argument('<type>', 'its type, or kind/type where two have the same')
    .argument('[file]', 'a configuration whose own plugins are known too')
    .addHelpText('after', examples('waybill docs file', 'waybill docs source/system', 'waybill docs my-exporter waybill.yaml'))
    .action(async (type, file) => exit(await (await import('./commands/docs.ts')).docs(type, file)))

  pluginsTestCommand(plugins, exit)
  arraysCommand(program, exit)
  dlqCommand(program, exit)
  bufferCommand(program, exit)
  systemCommand(program, exit)
  opencostCommand(program, exit)
  kustoCommand(program, exit)
  simulateCommand(program, exit)

  program
    .command('completion')
    .description('print a completion script for the shell')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText(
      'after',
      examples('source <(waybill completion bash)', 'waybill completion fish > ~/.config/fish/completions/waybill.fish'),
    )
    .action(async (shell) => exit((await import('./commands/completion.ts')).completion(shell, program)))

  return program
}

/** How the running agent is found. */
const agentOptions = (command: Command): Command =>
  command
    .option('--data-dir <directory>', 'the data directory of the agent', 'waybill-data')
    .option('--api <url>', 'the address of its API, in place of looking it up in the data directory')
    .option('--token-file <file>', 'a file with the token of its API; WAYBILL_API_TOKEN is used as well')

const examples = (...lines: string[]): string => `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`
