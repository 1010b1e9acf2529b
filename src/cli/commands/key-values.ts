import { WaybillError } from '../../core/errors.ts'

/** What an option that can be given several times has: the parser of its arguments. */
export const collect = (value: string, others: readonly string[] = []): readonly string[] => [...others, value]

/** What an option that is given several times says, each time as `key=value`. Throws WaybillError `INVALID_OPTION`; `what`: what it names one. */
export function keyValues(option: string, what: string, texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=')
      if (at < 1) throw new WaybillError('INVALID_OPTION', `${option} ${JSON.stringify(text)} is not ${what}`, { hint: 'write key=value' })
      return [text.slice(0, at), text.slice(at + 1)]
    }),
  )
}
