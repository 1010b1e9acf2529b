import { type Command, Option } from 'commander'
import { collect } from './key-values.ts'

/** Adds `arrays` and what is below it. Its code is imported when it runs. */
export function arraysCommand(program: Command, exit: (code: number) => void): void {
  const arrays = program.command('arrays').description('storage arrays: what there are, what they measure and what they complain of')

  arrays
    .command('serve')
    .description('run the agent with storage arrays: a REST API to register them, what they measure, and their alerts')
    .option('--config <file>', 'the configuration, as YAML with a section arrays, or a delfin.conf')
    .option('--data-dir <directory>', 'where the agent keeps what it must, in place of the configuration’s')
    .option('--listen <address>', 'where the REST API of arrays listens, in place of the configuration’s')
    .option('--token-file <file>', 'a file with the token that this API asks for, in place of the configuration’s')
    .option('--for <duration>', 'stop by itself after this long, such as 10s')
    .addOption(new Option('--log-level <level>', 'from which level on to log').choices(['debug', 'info', 'warn', 'error']))
    .addOption(new Option('--log-format <format>', 'how to log').choices(['text', 'json']))
    .addHelpText('after', '\nSIGINT and SIGTERM deliver what is queued and stop; a second one leaves at once. SIGHUP reads the file again.')
    .addHelpText('after', examples('waybill arrays serve', 'waybill arrays serve --config waybill.yaml --data-dir ./try'))
    .action(async (options) => exit(await (await import('./arrays-serve.ts')).serve(options)))

  apiOptions(arrays.command('list'))
    .description('list the arrays that are registered')
    .option('--json', 'as JSON')
    .addHelpText('after', examples('waybill arrays list', 'waybill arrays list --api http://arrays:8190 --token-file token'))
    .action(async (options) => exit(await (await import('./arrays-registry.ts')).list(options)))

  apiOptions(arrays.command('add'))
    .description('register an array')
    .requiredOption('--vendor <vendor>', 'of the driver')
    .requiredOption('--model <model>', 'of the driver')
    .requiredOption('--host <host>', 'where the array is reached')
    .requiredOption('--port <port>', 'the port there')
    .requiredOption('--username <name>', 'who logs in')
    .option('--password-file <file>', 'a file with the password; WAYBILL_ARRAY_PASSWORD is used as well')
    .addOption(new Option('--access <way>', 'how the driver logs in').choices(['rest', 'ssh', 'cli', 'smis']).default('rest'))
    .option('--name <name>', 'what to call it, in place of the name that it has')
    .addOption(new Option('--attribute <key=value>', 'what else the driver wants to know; can be given several times').argParser(collect))
    .addHelpText(
      'after',
      examples(
        'waybill arrays add --vendor fake_storage --model fake_driver --host 10.0.0.1 --port 8078 --username me --password-file secret',
      ),
    )
    .action(async (options) => exit(await (await import('./arrays-registry.ts')).add(options)))

  apiOptions(arrays.command('remove'))
    .description('forget an array')
    .argument('<array>', 'its id, the beginning of it, or its name')
    .addHelpText('after', examples('waybill arrays remove 7f2c'))
    .action(async (array, options) => exit(await (await import('./arrays-registry.ts')).remove(array, options)))

  apiOptions(arrays.command('sync'))
    .description('ask an array, or all of them, anew what it consists of')
    .argument('[array]', 'its id, the beginning of it, or its name')
    .addHelpText('after', examples('waybill arrays sync', 'waybill arrays sync 7f2c'))
    .action(async (array, options) => exit(await (await import('./arrays-registry.ts')).sync(array, options)))

  apiOptions(arrays.command('metrics'))
    .description('show what an array can measure, or change what is collected of it')
    .argument('<array>', 'its id, the beginning of it, or its name')
    .option('--interval <duration>', 'collect from now on, and so often')
    .option('--historic', 'collect once what the array has kept from before, too')
    .option('--stop', 'collect nothing any more')
    .addHelpText('after', examples('waybill arrays metrics 7f2c', 'waybill arrays metrics 7f2c --interval 15m --historic'))
    .action(async (array, options) => exit(await (await import('./arrays-data.ts')).metrics(array, options)))

  apiOptions(arrays.command('alerts'))
    .description('show the alerts of an array')
    .argument('<array>', 'its id, the beginning of it, or its name')
    .option('--sync', 'hand them to the exporters as well')
    .option('--from <time>', 'only those from this time on, such as 2026-01-05T12:00:00Z')
    .option('--to <time>', 'only those up to this time')
    .option('--json', 'as JSON')
    .addHelpText('after', examples('waybill arrays alerts 7f2c', 'waybill arrays alerts 7f2c --sync'))
    .action(async (array, options) => exit(await (await import('./arrays-data.ts')).alerts(array, options)))
}

/** How the arrays are found. */
const apiOptions = (command: Command): Command =>
  command
    .option('--api <url>', 'the address of their REST API', 'http://127.0.0.1:8190')
    .option('--token-file <file>', 'a file with the token of that API; WAYBILL_API_TOKEN is used as well')

const examples = (...lines: string[]): string => `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`
