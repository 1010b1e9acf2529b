/** Units of UCUM by what Datadog calls them (https://docs.datadoghq.com/metrics/units/). */
const units: Readonly<Record<string, string>> = {
  bit: 'bit',
  By: 'byte',
  KiBy: 'kibibyte',
  MiBy: 'mebibyte',
  GiBy: 'gibibyte',
  kBy: 'kilobyte',
  MBy: 'megabyte',
  GBy: 'gigabyte',
  ns: 'nanosecond',
  us: 'microsecond',
  ms: 'millisecond',
  s: 'second',
  min: 'minute',
  h: 'hour',
  d: 'day',
  '%': 'percent',
  '1': 'fraction',
  Hz: 'hertz',
  W: 'watt',
  V: 'volt',
  A: 'ampere',
  Cel: 'degree celsius',
}

/** Undefined for what Datadog has no word for. */
export const unitOf = (unit: string | undefined): string | undefined =>
  unit !== undefined && Object.hasOwn(units, unit) ? units[unit] : undefined
