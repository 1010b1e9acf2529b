import { WaybillError } from '../../core/errors.ts'

/** A currency as ISO 4217 has them. Throws WaybillError `INVALID_OPTION`. */
export function currencyOf(text: string): string {
  if (/^[A-Z]{3}$/.test(text)) return text
  throw new WaybillError('INVALID_OPTION', `${JSON.stringify(text)} is no currency`, { hint: 'write --currency EUR, say' })
}
