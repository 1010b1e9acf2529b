import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { cannotListen, type ListenAddress, type Log, parseListenAddress, toError } from '../../sdk.ts'
import { type Notification, type SnmpReceiver, type SnmpSocket, snmp } from './snmp-library.ts'
import type { Trap } from './trap.ts'
import { trapOf } from './trap-of.ts'
import { isVersion3, type TrapSource, userOf } from './trap-source.ts'

export interface TrapReceiverOptions {
  /** host:port; port 0 takes a free one. */
  readonly listen: string
  /** A trap of that array. */
  readonly take: (arrayId: string, trap: Trap) => void
  readonly log: Log
}

/** One alert source, with what decodes what comes from it. */
interface Listening {
  readonly addresses: ReadonlySet<string>
  readonly receiver: SnmpReceiver
  /** Of the message that is just being decoded. */
  from: string
}

/**
 * Takes SNMP traps and informs of versions 1, 2c and 3 over UDP: those from the addresses of alert sources that have the community or
 * the user, with its keys, of that source. Everything else is dropped, and counted.
 */
export class TrapReceiver {
  readonly #options: TrapReceiverOptions
  #socket: Socket | undefined
  #listening: readonly Listening[] = []
  #taken = 0
  #dropped = 0

  constructor(options: TrapReceiverOptions) {
    this.#options = options
  }

  get taken(): number {
    return this.#taken
  }

  /** Messages that came from nobody known, or did not show who sent them. */
  get dropped(): number {
    return this.#dropped
  }

  /** Undefined when it does not listen. */
  address(): ListenAddress | undefined {
    if (!this.#socket) return undefined
    const { address, port } = this.#socket.address()
    return { host: address, port }
  }

  /** Rejects with WaybillError `DESTINATION_UNAVAILABLE` when it cannot. */
  async start(): Promise<void> {
    if (this.#socket) return
    const { listen, log } = this.#options
    const { host, port } = parseListenAddress(listen)
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    await new Promise<void>((resolve, reject) => {
      socket.once('error', (error) => {
        socket.close()
        reject(cannotListen({ host, port }, error))
      })
      socket.bind(port, host, resolve)
    })
    socket.removeAllListeners('error')
    socket.on('error', (error) => log.warn('the socket for traps failed', { error }))
    socket.on('message', (message, from) => this.#receive(message, from))
    this.#socket = socket
  }

  async stop(): Promise<void> {
    const socket = this.#socket
    this.#socket = undefined
    if (socket) await new Promise<void>((resolve) => socket.close(resolve))
  }

  /** From now on these are the alert sources. One that cannot be used is logged, and left out. */
  async use(sources: readonly TrapSource[]): Promise<void> {
    const made = await Promise.all(sources.map((source) => this.#listeningTo(source)))
    this.#listening = made.filter((listening) => listening !== undefined)
  }

  #receive(message: Buffer, from: RemoteInfo): void {
    const address = plain(from.address)
    const before = this.#taken
    for (const listening of this.#listening) {
      if (!listening.addresses.has(address)) continue
      listening.from = address
      try {
        listening.receiver.onMsg(this.#asSocket(), message, from)
      } catch {
        // Whoever sends what cannot be decoded has it dropped, and counted.
      }
    }
    if (this.#taken === before) this.#dropped++
  }

  async #listeningTo(source: TrapSource): Promise<Listening | undefined> {
    const { log, take } = this.#options
    try {
      const addresses = new Set(await addressesOf(source.host))
      const receiver = snmp.createReceiver(
        { dgramModule: { createSocket: () => this.#asSocket() }, includeAuthentication: true },
        (error, notification) => {
          if (error || !notification || !isFrom(source, notification)) return
          this.#taken++
          take(source.storage_id, trapOf(notification, listening.from))
        },
      )
      const authorizer = receiver.getAuthorizer()
      if (isVersion3(source)) authorizer.addUser(userOf(source))
      else if (source.community_string) authorizer.addCommunity(source.community_string)
      const listening: Listening = { addresses, receiver, from: '' }
      return listening
    } catch (thrown) {
      log.warn('traps of an array cannot be taken', { array: source.storage_id, error: toError(thrown) })
      return undefined
    }
  }

  /** The library answers informs over it; binding and closing are not the library's. */
  #asSocket(): SnmpSocket {
    const send = ((...given: Parameters<Socket['send']>) => this.#socket?.send(...given)) as Socket['send']
    return { send, on: () => {}, bind: () => {}, close: () => {} }
  }
}

/** What the library leaves open: the version, and that it lets unauthenticated messages of version 3 without a user pass. */
const isFrom = (source: TrapSource, { pdu }: Notification): boolean => {
  if (isVersion3(source)) return pdu.user !== undefined && pdu.user === source.username
  const isVersion1 = pdu.type === snmp.PduType.Trap
  return pdu.community !== undefined && isVersion1 === (source.version.toLowerCase() === 'snmpv1')
}

async function addressesOf(hosts: string): Promise<readonly string[]> {
  const names = hosts
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const found = await Promise.all(names.map((name) => lookup(name, { all: true })))
  return found.flat().map(({ address }) => plain(address))
}

/** An address of version 4 that came over a socket of version 6, as itself. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')
