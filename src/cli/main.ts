import { type Command, CommanderError } from 'commander'
import { WaybillError } from '../core/errors.ts'
import { toError } from '../core/result.ts'
import { version } from '../version.ts'
import { exitCodes } from './exit-codes.ts'
import { print } from './print.ts'
import { commands } from './program.ts'

/** Runs the command line and resolves to the exit code. What goes wrong is one line on standard error. */
export async function main(args: readonly string[]): Promise<number> {
  let code: number = exitCodes.ok
  const program = commands(version, (exitCode) => {
    code = exitCode
  })
  quiet(program)
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    const error = toError(thrown)
    process.stderr.write(`${error instanceof WaybillError ? error.explain() : error.stack}\n`)
    return isUsage(error) ? exitCodes.usage : exitCodes.failure
  }
}

/** An argument that cannot be used; one in a file has its place with it. */
const isUsage = (error: Error): boolean =>
  error instanceof WaybillError && error.at === undefined && /^INVALID_(OPTION|DURATION|SIZE)$/.test(error.code)

/** Makes commander throw in place of ending the process, in every command. */
function quiet(command: Command): void {
  command.exitOverride().configureOutput({ writeOut: print })
  for (const child of command.commands) quiet(child)
}
