import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { WaybillError } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import { keyBytes } from '../../files/key-bytes.ts'
import { kinds } from './bodies.ts'

/** 32 bytes, as 64 hex digits or in base64. */
export type EncryptionKey = string | Secret

/** Makes the body of a frame from parts that nobody is to read. */
export type Seal = (parts: readonly Uint8Array[]) => readonly Uint8Array[]

/** Where things are in the body of an encrypted frame. */
const layout = { id: 1, salt: 9, nonce: 25, tag: 37, text: 53 } as const

/**
 * Encrypts the bodies of frames, each by itself, so that damage to one costs no other. AES-256-GCM (NIST SP 800-38D) with a key
 * for each segment, derived from the given one by HKDF-SHA-256 (RFC 5869) and a salt that stands in every frame:
 *
 *      0  kind
 *      1  which key: 8 bytes of the SHA-256 of "waybill key id" and the key
 *      9  salt, 16 bytes
 *     25  nonce, 12 random bytes
 *     37  tag, 16 bytes, over all before it too
 *     53  the encrypted body
 */
export class Keyring {
  readonly #keys: ReadonlyMap<string, Buffer>
  readonly #newest: string | undefined
  #derived: { readonly of: string; readonly key: Buffer } | undefined

  /** Without a `key` nothing is encrypted. `old`: keys that are only read with. Throws WaybillError `INVALID_OPTION` for what is no key. */
  constructor(key: EncryptionKey | undefined, old: readonly EncryptionKey[] = []) {
    const keys = [...(key === undefined ? [] : [key]), ...old].map(parseKey)
    this.#keys = new Map(keys.map((bytes) => [idOf(bytes), bytes]))
    this.#newest = key === undefined ? undefined : idOf(keys[0]!)
  }

  get isEmpty(): boolean {
    return this.#keys.size === 0
  }

  get encrypts(): boolean {
    return this.#newest !== undefined
  }

  /** For one segment. */
  seal(): Seal {
    if (this.#newest === undefined) return (parts) => parts
    const salt = randomBytes(16)
    const key = derive(this.#keys.get(this.#newest)!, salt)
    const start = Buffer.concat([Uint8Array.of(kinds.encrypted), Buffer.from(this.#newest, 'hex'), salt])
    return (parts) => {
      const head = Buffer.concat([start, randomBytes(12)])
      const cipher = createCipheriv('aes-256-gcm', key, head.subarray(layout.nonce)).setAAD(head)
      const text = [...parts.map((part) => cipher.update(part)), cipher.final()]
      return [head, cipher.getAuthTag(), ...text]
    }
  }

  /** Whether the key is there that the body of this frame was encrypted with. */
  knows(body: Buffer): boolean {
    return this.#keys.has(keyOf(body))
  }

  /** What was encrypted. Throws where the key is not there, or a byte is not as it was. */
  open(body: Buffer): Buffer {
    if (body.length < layout.text) throw new RangeError('an encrypted frame is too short')
    const head = body.subarray(0, layout.tag)
    const decipher = createDecipheriv('aes-256-gcm', this.#derivedFor(head), head.subarray(layout.nonce))
    decipher.setAAD(head).setAuthTag(body.subarray(layout.tag, layout.text))
    return Buffer.concat([decipher.update(body.subarray(layout.text)), decipher.final()])
  }

  #derivedFor(head: Buffer): Buffer {
    const of = head.toString('hex', layout.id, layout.nonce)
    if (this.#derived?.of === of) return this.#derived.key
    const key = this.#keys.get(keyOf(head))
    if (!key) throw new RangeError('its key is not known')
    this.#derived = { of, key: derive(key, head.subarray(layout.salt, layout.nonce)) }
    return this.#derived.key
  }
}

function parseKey(key: EncryptionKey): Buffer {
  const bytes = keyBytes(key)
  if (bytes) return bytes
  throw new WaybillError('INVALID_OPTION', 'that is no key for a disk buffer', { hint: 'make one with: openssl rand -hex 32' })
}

const idOf = (key: Buffer): string => createHash('sha256').update('waybill key id').update(key).digest('hex').slice(0, 16)

const keyOf = (body: Buffer): string => body.toString('hex', layout.id, layout.salt)

const derive = (key: Buffer, salt: Buffer): Buffer => Buffer.from(hkdfSync('sha256', key, salt, 'waybill disk buffer', 32))
