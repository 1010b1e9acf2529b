import { WaybillError } from '../../core/errors.ts'

/** The number that an option says. Throws WaybillError `INVALID_OPTION`. */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new WaybillError('INVALID_OPTION', `${option} takes a whole number from ${least} to ${most}, not ${JSON.stringify(text)}`)
}
