import { timingSafeEqual } from 'node:crypto'
import type { Secret } from '../sdk.ts'

/** Whether a header `authorization` brings the token, as `Bearer …`; how long that takes does not tell how much of it is right. */
export function bearsToken(authorization: string | undefined, token: Secret): boolean {
  const given = Buffer.from(authorization ?? '')
  const wanted = Buffer.from(`Bearer ${token.reveal()}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
