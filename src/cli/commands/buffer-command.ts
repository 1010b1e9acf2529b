import type { Command } from 'commander'

/** Adds `buffer` and what is below it. Its code is imported when it runs. */
export function bufferCommand(program: Command, exit: (code: number) => void): void {
  const buffer = program
    .command('buffer')
    .description('see what is in the directory of a disk buffer, check it, and do what starting it would do')
    .addHelpText('after', `\nThe buffers of an agent are in <data dir>/buffers, each in a directory of its exporter's name.`)
  const add = (name: string, description: string, how: 'look' | 'verify' | 'repair', after: string) =>
    buffer
      .command(name)
      .description(description)
      .argument('<directory>', 'of the buffer')
      .option('--key-file <file...>', 'a file with a key that the buffer is encrypted with')
      .option('--json', 'as JSON')
      .addHelpText('after', `\n${after}\n\nExamples:\n  $ waybill buffer ${name} waybill-data/buffers/warehouse`)
      .action(async (directory, options) => exit(await (await import('./buffer.ts')).buffer(directory, { ...options, how })))
  add(
    'inspect',
    'show what is in it: segments, records, how far it has come, and who has it',
    'look',
    'Changes nothing, and may be used while an agent runs: then the figures are those of a moment.',
  )
  add(
    'verify',
    'read everything in it that is still to be delivered, and tell what is damaged; changes nothing',
    'verify',
    'Exit code 0 when everything can be read, 5 when something cannot: those records will be counted as dropped, corrupted.',
  )
  add(
    'repair',
    'do what starting it would do: cut off a torn end, put damaged bytes aside in its quarantine',
    'repair',
    'Nothing that can be read is changed, and nothing is delivered. There is no need for it: an agent does the same when it starts.',
  )
}
