import type { Command } from 'commander'

/** Adds `simulate` and what is below it. Its code is imported when it runs. */
export function simulateCommand(program: Command, exit: (code: number) => void): void {
  const simulate = program.command('simulate').description('servers with made-up data, to try things with')
  simulate
    .command('opencost')
    .description('an OpenCost of a made-up cluster')
    .option('--host <host>', 'the address to listen on', '127.0.0.1')
    .option('--port <port>', 'the port; 0 for any that is free', '9003')
    .option('--namespaces <count>', 'how many namespaces there are', '8')
    .option('--pods <count>', 'how many pods, of one to three containers', '40')
    .option('--nodes <count>', 'how many nodes', '4')
    .option('--seed <number>', 'another number, another cluster', '1')
    .addHelpText('after', '\nExamples:\n  $ waybill simulate opencost\n  $ waybill simulate opencost --port 0 --nodes 100 --pods 5000')
    .action(async (options) => exit(await (await import('./simulate-opencost.ts')).simulateOpencost(options)))
}
