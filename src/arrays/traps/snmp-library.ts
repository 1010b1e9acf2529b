/** What is used of the package net-snmp, which has no types of its own. */

import type { RemoteInfo, Socket } from 'node:dgram'
import { createRequire } from 'node:module'

export interface Varbind {
  readonly oid: string
  readonly type: number
  readonly value: unknown
}

/** A trap or inform, decoded. */
export interface Notification {
  readonly pdu: {
    readonly type: number
    readonly varbinds: readonly Varbind[]
    /** Of versions 1 and 2c. */
    readonly community?: string
    /** Of version 3: the name of the user. */
    readonly user?: string
    /** Of version 1. */
    readonly enterprise?: string
    readonly generic?: number
    readonly specific?: number
  }
}

export interface SnmpUser {
  readonly name: string
  readonly level: number
  readonly authProtocol?: number
  readonly authKey?: string
  readonly privProtocol?: number
  readonly privKey?: string
}

/** As much of a socket as it needs. */
export type SnmpSocket = Pick<Socket, 'send'> & {
  on(event: 'error' | 'message', listener: (...given: never[]) => void): unknown
  bind(): void
  close(): void
}

export interface SnmpReceiver {
  getAuthorizer(): { addCommunity(community: string): void; addUser(user: SnmpUser): void }
  onMsg(socket: SnmpSocket, buffer: Buffer, from: RemoteInfo): void
  close(): void
}

interface SnmpLibrary {
  createReceiver(
    options: { readonly dgramModule: { createSocket(): SnmpSocket }; readonly includeAuthentication: true },
    callback: (error: Error | null, notification?: Notification) => void,
  ): SnmpReceiver
  readonly PduType: { readonly Trap: number }
  readonly ObjectType: { readonly Counter64: number }
  readonly SecurityLevel: Readonly<Record<string, number>>
  readonly AuthProtocols: Readonly<Record<string, number>>
  readonly PrivProtocols: Readonly<Record<string, number>>
}

export const snmp = createRequire(import.meta.url)('net-snmp') as SnmpLibrary
