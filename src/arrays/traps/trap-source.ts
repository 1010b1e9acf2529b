import { createCipheriv } from 'node:crypto'
import { WaybillError } from '../../sdk.ts'
import { type SnmpUser, snmp } from './snmp-library.ts'

/** Who may send traps of an array, and how they are to show it: its alert source. */
export interface TrapSource {
  readonly storage_id: string
  /** Addresses that they come from, with commas between. */
  readonly host: string
  /** `SNMPv1`, `SNMPv2c` or `SNMPv3`, in any case. */
  readonly version: string
  /** Of versions 1 and 2c. */
  readonly community_string?: string | null | undefined
  /** The rest is of version 3. */
  readonly username?: string | null | undefined
  readonly security_level?: string | null | undefined
  readonly auth_protocol?: string | null | undefined
  readonly auth_key?: string | null | undefined
  readonly privacy_protocol?: string | null | undefined
  readonly privacy_key?: string | null | undefined
}

/** Protocols of version 3 by the names that alert sources have for them. */
const authProtocols: Readonly<Record<string, string>> = {
  HMACMD5: 'md5',
  HMACSHA: 'sha',
  HMCSHA2224: 'sha224',
  HMCSHA2256: 'sha256',
  HMCSHA2384: 'sha384',
  HMCSHA2512: 'sha512',
}
const privacyProtocols: Readonly<Record<string, string>> = { ...(hasDes() && { DES: 'des' }), AES: 'aes', AES256: 'aes256r' }

/** OpenSSL has it only where its legacy provider is switched on. */
function hasDes(): boolean {
  try {
    createCipheriv('des-cbc', Buffer.alloc(8), Buffer.alloc(8))
    return true
  } catch {
    return false
  }
}

export const isVersion3 = ({ version }: TrapSource): boolean => version.toLowerCase() === 'snmpv3'

/** The user of a source of version 3. Throws WaybillError `INVALID_OPTION`, with no key in it. */
export function userOf({ storage_id, username, security_level, ...source }: TrapSource): SnmpUser {
  const levelName = security_level ?? 'noAuthnoPriv'
  const [, auth, privacy] = /^(auth|noAuth)(Priv|noPriv|NoPriv)$/.exec(levelName) ?? []
  const level = auth === 'auth' ? (privacy === 'Priv' ? 'authPriv' : 'authNoPriv') : 'noAuthNoPriv'
  const at = `the alert source of ${storage_id}`
  if (!username || auth === undefined) throw invalid(at, `${username ? 'security_level' : 'username'} is missing or unknown`)
  const user = { name: username, level: snmp.SecurityLevel[level]! }
  if (level === 'noAuthNoPriv') return user
  const authKey = keyOf(source.auth_key, at, 'auth_key')
  const authenticated = { ...user, authProtocol: protocolOf(snmp.AuthProtocols, authProtocols, source.auth_protocol, at), authKey }
  if (level === 'authNoPriv') return authenticated
  const privKey = keyOf(source.privacy_key, at, 'privacy_key')
  return { ...authenticated, privProtocol: protocolOf(snmp.PrivProtocols, privacyProtocols, source.privacy_protocol, at), privKey }
}

function protocolOf(
  numbers: Readonly<Record<string, number>>,
  names: Readonly<Record<string, string>>,
  name: string | null | undefined,
  at: string,
): number {
  const found = names[name?.toUpperCase() ?? '']
  if (found === undefined) throw invalid(at, `the protocol ${name} cannot be used; known are ${Object.keys(names).join(', ')}`)
  return numbers[found]!
}

function keyOf(key: string | null | undefined, at: string, name: string): string {
  if (!key) throw invalid(at, `${name} is missing`)
  return key
}

const invalid = (at: string, message: string) =>
  new WaybillError('INVALID_OPTION', message, { at, hint: 'traps of it are not taken until its snmp-config is put right' })
