import { amount, columns } from './columns.ts'
import type { Counts, CountsByName, NetworkCount } from './reading.ts'

/**
 * The interfaces in /proc/net/dev (proc_pid_net(5)): eight columns received, eight transmitted. Old kernels leave no space
 * between the name's colon and the first number. Lines without numbers in the columns read here are left out.
 */
export function parseNetDev(dev: string): CountsByName<NetworkCount> {
  const interfaces = new Map<string, Counts<NetworkCount>>()
  for (const line of dev.split('\n')) {
    const colon = line.lastIndexOf(':')
    const name = line.slice(0, colon).trim()
    if (colon < 0 || name === '') continue
    const [receivedBytes, , receiveErrors, receiveDropped, , , , , transmittedBytes, , transmitErrors, transmitDropped] = columns(
      line.slice(colon + 1),
    ).map(amount)
    if (receivedBytes === undefined || transmittedBytes === undefined) continue
    interfaces.set(name, { receivedBytes, transmittedBytes, receiveErrors, transmitErrors, receiveDropped, transmitDropped })
  }
  return interfaces
}
