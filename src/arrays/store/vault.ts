import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { keyBytes } from '../../files/key-bytes.ts'
import { type Secret, WaybillError } from '../../sdk.ts'

const algorithm = 'aes-256-gcm'
const format = 1
const nonceBytes = 12
const tagBytes = 16

/**
 * Encrypts what must not be read where it is kept: AES-256-GCM (NIST SP 800-38D). In base64: a byte for this form, a nonce of 12 bytes,
 * the tag of 16 bytes, the encrypted JSON. What it belongs to is signed with it, so that nothing opens in another place.
 */
export class Vault {
  readonly #key: Buffer

  /** The key: 32 bytes, as 64 hexadecimal digits or in base64. Throws WaybillError `INVALID_OPTION` for anything else. */
  constructor(key: Secret) {
    const bytes = keyBytes(key)
    if (!bytes)
      throw new WaybillError('INVALID_OPTION', 'the key for the credentials of arrays is no key', {
        at: 'arrays.key',
        hint: 'make one with: openssl rand -hex 32',
      })
    this.#key = bytes
  }

  seal(value: unknown, belongsTo: string): string {
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv(algorithm, this.#key, nonce).setAAD(Buffer.from(belongsTo))
    const text = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()])
    return Buffer.concat([Uint8Array.of(format), nonce, cipher.getAuthTag(), text]).toString('base64')
  }

  /** What was sealed. Throws WaybillError `DESTINATION_UNAVAILABLE` where it was with another key or for something else, or has changed. */
  open(sealed: string, belongsTo: string): unknown {
    try {
      const bytes = Buffer.from(sealed, 'base64')
      if (bytes[0] !== format) throw new RangeError(`${bytes[0]} is no form that is known`)
      const textAt = 1 + nonceBytes + tagBytes
      const decipher = createDecipheriv(algorithm, this.#key, bytes.subarray(1, 1 + nonceBytes), { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(belongsTo)).setAuthTag(bytes.subarray(1 + nonceBytes, textAt))
      return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(textAt)), decipher.final()]).toString()) as unknown
    } catch (cause) {
      throw new WaybillError('DESTINATION_UNAVAILABLE', `the credentials of ${belongsTo} cannot be read`, {
        hint: 'give the key under arrays.key that they were written with',
        cause,
      })
    }
  }
}
