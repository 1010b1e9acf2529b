/** What the commands exit with; docs/reference/cli.md is made from this. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  undelivered: 3,
  empty: 4,
  damaged: 5,
} as const

export const exitCodeMeanings: Readonly<Record<number, string>> = {
  0: 'Done. For `run` and `system`: all that was accepted is delivered or durable.',
  1: 'It could not be done: a configuration with errors, a port in use, no agent to ask.',
  2: 'The command line was wrong.',
  3: '`run` and `system`: records had to go to the dead-letter files, or were left over when it stopped.',
  4: '`opencost export --fail-on-empty` only: there was nothing to export.',
  5: '`buffer verify` only: something in the buffer cannot be read.',
}
