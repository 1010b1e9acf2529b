import { Command, CommanderError } from 'commander'
import { WaybillError } from '../../core/errors.ts'
import { toError } from '../../core/result.ts'
import { kustoCommand } from './kusto-command.ts'
import { opencostCommand } from './opencost-command.ts'
import { simulateCommand } from './simulate-command.ts'

export interface Ran {
  readonly code: number
  /** The error, as the command line tells it. */
  readonly error: string
}

/** Runs `waybill` with only the commands of costs, in this process. */
export async function runCommand(...args: string[]): Promise<Ran> {
  let code = 0
  let told = ''
  const program = new Command('waybill')
  for (const add of [opencostCommand, kustoCommand, simulateCommand])
    add(program, (exitCode) => {
      code = exitCode
    })
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({
      writeErr: (text) => {
        told += text
      },
    })
    command.commands.forEach(quiet)
  }
  quiet(program)
  try {
    await program.parseAsync(args, { from: 'user' })
    return { code, error: '' }
  } catch (thrown) {
    if (thrown instanceof CommanderError) return { code: 2, error: told.trim() }
    const error = toError(thrown)
    if (!(error instanceof WaybillError)) throw error
    return { code: /^INVALID_(OPTION|DURATION|SIZE)$/.test(error.code) ? 2 : 1, error: error.explain() }
  }
}

if (import.meta.main) {
  const { code, error } = await runCommand(...process.argv.slice(2))
  if (error) process.stderr.write(`${error}\n`)
  process.exitCode = code
}
