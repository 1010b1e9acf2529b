import { waitForSignal } from '../../controllers/wait-for-signal.ts'
import { cannotListen } from '../../core/cannot-listen.ts'
import { toError } from '../../core/result.ts'
import { OpenCostSimulator } from '../../opencost/simulator/simulator.ts'
import { exitCodes } from '../exit-codes.ts'
import { wholeNumber } from './whole-number.ts'

export interface SimulateOptions {
  readonly host: string
  readonly port: string
  readonly namespaces: string
  readonly pods: string
  readonly nodes: string
  readonly seed: string
}

/** `waybill simulate opencost`: tells its address on the first line, and answers until a signal. */
export async function simulateOpencost({ host, port, namespaces, pods, nodes, seed }: SimulateOptions): Promise<number> {
  const simulator = new OpenCostSimulator({
    namespaces: wholeNumber('--namespaces', namespaces, 1, 1_000_000),
    pods: wholeNumber('--pods', pods, 0, 100_000_000),
    nodes: wholeNumber('--nodes', nodes, 1, 1_000_000),
    seed: wholeNumber('--seed', seed, 0, 4_294_967_295),
  })
  const place = { host, port: wholeNumber('--port', port, 0, 65_535) }
  const address = await simulator.listen(place.port, host).catch((thrown) => {
    throw cannotListen(place, toError(thrown))
  })
  process.stdout.write(`a made-up OpenCost answers at ${address}; try: waybill opencost export --endpoint ${address}\n`)
  await waitForSignal()
  await simulator.close()
  return exitCodes.ok
}
