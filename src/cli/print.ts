import { exitCodes } from './exit-codes.ts'

let watched = false

/**
 * Writes to standard output, for commands that do nothing else. A reader that has seen enough ends the command; any other
 * trouble (disk full) is one line on standard error and exit code 1.
 */
export function print(text: string): void {
  if (!watched) process.stdout.on('error', leave)
  watched = true
  process.stdout.write(text)
}

function leave(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(exitCodes.ok)
  process.stderr.write(`cannot write to standard output: ${error.message}\n`)
  process.exit(exitCodes.failure)
}
