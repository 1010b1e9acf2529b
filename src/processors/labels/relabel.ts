import { createHmac, hash as digestOf } from 'node:crypto'
import type { AttributeValue, Secret } from '../../sdk.ts'
import { nameMatcher } from '../../sdk.ts'

export interface RelabelOptions {
  /** Old names to new ones. */
  readonly rename: Readonly<Record<string, string>>
  /** Names; `*` stands for any characters. */
  readonly drop: readonly string[]
  /** As in `drop`. */
  readonly hash: readonly string[]
  readonly hashKey: Secret | undefined
  readonly set: Readonly<Record<string, string>>
}

/** Labels or attributes as they are to be; what was given is not changed. */
export type Relabel = <Value extends AttributeValue>(values: Readonly<Record<string, Value>>) => Record<string, Value | string>

/**
 * Renames, then drops, hashes and sets. Names are exchanged all at once, so `{ a: b, b: a }` swaps them; a renamed value takes
 * the place of one that has the name already. A hash is 16 lower-case hex digits, the first of HMAC-SHA-256 when there is a
 * key, else of SHA-256.
 */
export function relabelling({ rename, drop, hash, hashKey, set }: RelabelOptions): Relabel {
  const renames = Object.entries(rename)
  const replacements = Object.entries(set)
  const [isDropped, isHashed] = [nameMatcher(drop), nameMatcher(hash)]
  const fingerprint = (value: AttributeValue): string => {
    const content = contentOf(value)
    const digest = hashKey ? createHmac('sha256', hashKey.reveal()).update(content).digest('hex') : digestOf('sha256', content)
    return digest.slice(0, 16)
  }

  return <Value extends AttributeValue>(values: Readonly<Record<string, Value>>) => {
    const out = new Map<string, Value | string>(Object.entries(values))
    for (const [from] of renames) out.delete(from)
    for (const [from, to] of renames) if (Object.hasOwn(values, from)) out.set(to, values[from]!)
    for (const [name, value] of out) {
      if (isDropped(name)) out.delete(name)
      else if (isHashed(name)) out.set(name, fingerprint(value))
    }
    for (const [name, value] of replacements) out.set(name, value)
    return Object.fromEntries(out)
  }
}

/** Text and bytes as they are, a bigint in decimal, any other value as JSON, where a bigint is text. */
function contentOf(value: AttributeValue): string | Uint8Array {
  if (typeof value === 'string' || value instanceof Uint8Array) return value
  if (typeof value === 'bigint') return String(value)
  return JSON.stringify(value, (_, inner: AttributeValue) => (typeof inner === 'bigint' ? String(inner) : inner))
}
