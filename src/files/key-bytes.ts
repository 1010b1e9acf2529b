import { Secret } from '../core/secret.ts'

/** The 32 bytes of a key that is written as 64 hexadecimal digits or in base64; undefined for anything else. */
export function keyBytes(key: string | Secret): Buffer | undefined {
  const text = (key instanceof Secret ? key.reveal() : key).trim()
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  return /^[A-Za-z0-9+/]{43}=$/.test(text) ? Buffer.from(text, 'base64') : undefined
}
