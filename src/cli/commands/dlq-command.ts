import type { Command } from 'commander'

/** Adds `dlq` and what is below it. Its code is imported when it runs. */
export function dlqCommand(program: Command, exit: (code: number) => void): void {
  const dlq = program.command('dlq').description('see what no destination took, and hand it over again or let go of it')

  filterOptions(dlq.command('list'))
    .description('list the dead letters that wait, and count all')
    .option('--limit <letters>', 'show at most so many', '50')
    .addHelpText('after', examples('waybill dlq list', 'waybill dlq list --exporter warehouse --reason rejected'))
    .action(async (options) => exit(await (await import('./dlq.ts')).list(options)))

  agentOptions(dlq.command('show'))
    .description('show one with its record')
    .argument('<id>', 'as the list has it')
    .addHelpText('after', examples('waybill dlq show 3-17'))
    .action(async (id, options) => exit(await (await import('./dlq.ts')).show(id, options)))

  filterOptions(dlq.command('replay'))
    .description('hand dead letters to their exporters again; without a running agent, to those of a configuration')
    .option('--target <exporter>', 'to this one in place of each letter’s own')
    .option('--rate <records>', 'at most so many records a second')
    .option('--config <file>', 'the configuration whose exporters are used when no agent runs')
    .option('--dry-run', 'only tell how many are meant')
    .addHelpText(
      'after',
      examples(
        'waybill dlq replay --dry-run',
        'waybill dlq replay --exporter warehouse --rate 1000',
        'waybill dlq replay --target local-files',
      ),
    )
    .action(async (options) => exit(await (await import('./dlq.ts')).replay(options)))

  filterOptions(dlq.command('purge'))
    .description('let go of dead letters for good')
    .option('--all', 'of every one, when nothing else says which')
    .option('--dry-run', 'only tell how many are meant')
    .addHelpText('after', examples('waybill dlq purge --reason expired --dry-run', 'waybill dlq purge --exporter old --to 2026-01-01'))
    .action(async (options) => exit(await (await import('./dlq.ts')).purge(options)))

  filterOptions(dlq.command('export'))
    .description('print dead letters as JSON lines; they wait as before')
    .option('--records', 'only the records')
    .addHelpText('after', examples('waybill dlq export > letters.jsonl', 'waybill dlq export --exporter warehouse --records | jq .name'))
    .action(async (options) => exit(await (await import('./dlq.ts')).exportLetters(options)))
}

const agentOptions = (command: Command): Command =>
  command
    .option('--data-dir <directory>', 'the data directory of the agent', 'waybill-data')
    .option('--api <url>', 'the address of its API, in place of looking it up in the data directory')
    .option('--token-file <file>', 'a file with the token of its API; WAYBILL_API_TOKEN is used as well')

const filterOptions = (command: Command): Command =>
  agentOptions(command)
    .option('--exporter <name>', 'only those of this exporter')
    .option('--reason <reason>', 'only those with this reason: rejected, unidentified, exhausted, expired or stopped')
    .option('--from <time>', 'only those given up from this time on, such as 2026-01-05 or 2026-01-05T12:00:00Z')
    .option('--to <time>', 'only those given up before this time')

const examples = (...lines: string[]): string => `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`
