import { Command } from 'commander'
import { systemCommand } from '../system-command.ts'
import { optionsOf, type SystemOptions } from './options.ts'

/** What `waybill system` is given by these arguments, with words between spaces. Rejects with CommanderError for what commander refuses. */
export async function parsed(args: string): Promise<SystemOptions> {
  const program = new Command()
  systemCommand(program, () => {})
  let options: SystemOptions | undefined
  const [system] = program.commands
  system!.action((_options, command: Command) => {
    options = optionsOf(command)
  })
  system!.exitOverride().configureOutput({ writeErr: () => {} })
  await program.parseAsync(['system', ...args.split(' ').filter(Boolean)], { from: 'user' })
  return options!
}
