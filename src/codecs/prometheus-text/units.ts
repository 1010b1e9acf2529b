/** Units of OpenTelemetry (UCUM) by the words that Prometheus uses in names. */
const words: Readonly<Record<string, string>> = {
  '1': '',
  '%': 'percent',
  d: 'days',
  h: 'hours',
  min: 'minutes',
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  By: 'bytes',
  KiBy: 'kibibytes',
  MiBy: 'mebibytes',
  GiBy: 'gibibytes',
  TiBy: 'tebibytes',
  KBy: 'kilobytes',
  kBy: 'kilobytes',
  MBy: 'megabytes',
  GBy: 'gigabytes',
  TBy: 'terabytes',
  m: 'meters',
  V: 'volts',
  A: 'amperes',
  J: 'joules',
  W: 'watts',
  g: 'grams',
  Cel: 'celsius',
  Hz: 'hertz',
}

const wordsPer: Readonly<Record<string, string>> = {
  s: 'second',
  m: 'minute',
  min: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
  wk: 'week',
  mo: 'month',
  y: 'year',
}

/**
 * A unit as a name has it: `By` is `bytes`, `By/s` is `bytes_per_second`. What stands in braces counts things and is no unit:
 * `{packet}` is empty. One that is not known is kept, with `_` for what a name cannot have.
 */
export function unitWord(unit: string): string {
  if (unit === '') return ''
  const [main = '', per = ''] = unit.replace(/\{[^}]*\}/g, '').split('/', 2)
  const above = words[main.trim()] ?? cleaned(main)
  const below = wordsPer[per.trim()] ?? cleaned(per)
  return [above, below && `per_${below}`].filter(Boolean).join('_')
}

/** The unit of OpenTelemetry that a word in a name stands for; undefined where it is not known. */
export const unitOf = (word: string): string | undefined => byWord.get(word)

const byWord = new Map(Object.entries(words).map(([unit, word]) => [word || 'ratio', unit]))

const cleaned = (text: string): string => text.replace(/[^a-zA-Z0-9]+/g, '_').replace(/^_|_$/g, '')
