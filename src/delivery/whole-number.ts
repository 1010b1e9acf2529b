import { WaybillError } from '../core/errors.ts'

/** `value`; throws WaybillError `INVALID_OPTION` when it is not a whole number of at least `least`. */
export function wholeNumber(option: string, value: number, least = 1): number {
  if (Number.isInteger(value) && value >= least) return value
  throw new WaybillError('INVALID_OPTION', `${option} is ${value}`, { hint: `write a whole number of at least ${least}` })
}
