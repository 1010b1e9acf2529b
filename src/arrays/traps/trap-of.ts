import { type Notification, snmp, type Varbind } from './snmp-library.ts'
import type { Trap } from './trap.ts'

/** snmpTrapOID.0 of RFC 3418. */
const snmpTrapOid = '1.3.6.1.6.3.1.1.4.1.0'
const standardTraps = '1.3.6.1.6.3.1.1.5'
const enterpriseSpecific = 6

/** A trap as it is told to drivers. */
export function trapOf({ pdu }: Notification, from: string): Trap {
  const values = Object.fromEntries(pdu.varbinds.map((varbind) => [varbind.oid, textOf(varbind)]))
  const oid = pdu.type === snmp.PduType.Trap ? oidOfVersion1(pdu) : (values[snmpTrapOid] ?? '')
  return { version: pdu.user !== undefined ? 'SNMPv3' : pdu.type === snmp.PduType.Trap ? 'SNMPv1' : 'SNMPv2c', from, oid, values }
}

/** RFC 3584, 3.1. */
const oidOfVersion1 = ({ enterprise, generic = 0, specific = 0 }: Notification['pdu']): string =>
  generic === enterpriseSpecific ? `${enterprise}.0.${specific}` : `${standardTraps}.${generic + 1}`

function textOf({ type, value }: Varbind): string {
  if (!Buffer.isBuffer(value)) return String(value ?? '')
  if (type === snmp.ObjectType.Counter64) return BigInt(`0x${value.toString('hex') || '0'}`).toString()
  const text = value.toString('utf8')
  return /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text) ? value.toString('hex') : text
}
