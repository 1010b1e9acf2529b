/**
 * What JSON has no word for, said in JSON: NaN and the infinities as `"NaN"`, `"+Inf"`, `"-Inf"`; a bigint as a number where
 * a double holds it, else as a string of digits; bytes as `{"base64":"…"}`. Everything else stays as it is.
 */
export function jsonValue(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : nonFinite(value)
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Uint8Array) return { base64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') }
  if (Array.isArray(value)) return value.map(jsonValue)
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, jsonValue(inner)]))
}

/** `NaN`, `+Inf`, `-Inf`. */
export const nonFinite = (value: number): string => (Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf')

/** The JSON text of `jsonValue`. */
export const jsonText = (value: unknown): string => JSON.stringify(jsonValue(value))
