import { type ExportResult, ok, reject, retry, tooLarge } from './result.ts'

const retryable = new Set([408, 429, 500, 502, 503, 504])
const destination = new Set([401, 403, 404, 407])

/** Status codes to treat as `retry` in place of the usual ones. */
export interface HttpResultOptions {
  readonly retryOnStatusCodes?: readonly number[]
}

/**
 * What an HTTP status says of the data sent: 2xx ok; 408, 429, 500, 502, 503, 504 retry, no sooner than `retryAfterMs`;
 * 401, 403, 404, 407 retry with scope `destination` (the data is fine, so an expired key never turns a queue into dead
 * letters); 413 too-large; everything else reject. `message` says who answered what.
 */
export function fromHttpStatus(status: number, message: string, retryAfterMs?: number, options: HttpResultOptions = {}): ExportResult {
  if (status >= 200 && status < 300) return ok
  const error = new Error(message)
  if (destination.has(status)) return retry(error, { scope: 'destination', ...(retryAfterMs !== undefined && { afterMs: retryAfterMs }) })
  if (status === 413) return tooLarge(error)
  const again = options.retryOnStatusCodes ? options.retryOnStatusCodes.includes(status) : retryable.has(status)
  return again ? retry(error, retryAfterMs === undefined ? {} : { afterMs: retryAfterMs }) : reject(error)
}

/** Milliseconds asked for by a Retry-After header (RFC 9110, 10.2.3: seconds or an HTTP date); undefined when there is none or it is malformed. */
export function parseRetryAfter(value: string | null | undefined, nowMs: number): number | undefined {
  if (!value) return undefined
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}
