import { WaybillError } from '../sdk.ts'

export interface IniEntry {
  /** `DEFAULT` before the first one. */
  readonly section: string
  readonly key: string
  /** Without the quotes around it. */
  readonly value: string
  /** File and line. */
  readonly at: string
}

/**
 * Reads sections of `key = value`, as oslo.config writes them: comments begin with `#` or `;` at the beginning of a line, or with ` #`
 * after a value; a line that begins with a blank goes on from the one before. Throws WaybillError `CONFIG_SYNTAX` with file and line.
 */
export function readIni(source: string, file: string): readonly IniEntry[] {
  const entries: IniEntry[] = []
  let section = 'DEFAULT'
  for (const [index, line] of source.split(/\r?\n/).entries()) {
    const at = `${file}:${index + 1}`
    const text = line.replace(/^\s*[#;].*$|\s#.*$/, '').trimEnd()
    if (text.trim() === '') continue
    const last = entries.at(-1)
    if (/^\s/.test(text) && last) {
      entries[entries.length - 1] = { ...last, value: `${last.value}${text.trim()}` }
      continue
    }
    const heading = /^\[([^\]]+)\]$/.exec(text)
    const [, key, value] = /^\s*([^=:]+?)\s*[=:]\s*(.*)$/.exec(text) ?? []
    if (heading) section = heading[1]!.trim()
    else if (key === undefined)
      throw new WaybillError('CONFIG_SYNTAX', `${JSON.stringify(text)} is neither a section nor key = value`, { at })
    else entries.push({ section, key, value: value!, at })
  }
  return entries.map((entry) => ({ ...entry, value: entry.value.replace(/^(['"])(.*)\1$/, '$2') }))
}
