/** A trap or inform as it came. */
export interface Trap {
  readonly version: 'SNMPv1' | 'SNMPv2c' | 'SNMPv3'
  /** The address that it came from. */
  readonly from: string
  /** What kind of trap: `snmpTrapOID`, for version 1 made of enterprise, generic and specific number as RFC 3584, 3.1, has it. */
  readonly oid: string
  /** Values by OID, as text: numbers in decimal, bytes that are not text in hexadecimal. */
  readonly values: Readonly<Record<string, string>>
}
