import { readFileSync } from 'node:fs'
import { WaybillError } from '../../core/errors.ts'

/** What a file holds that an option names, without white space around. Throws WaybillError `FILE_UNREADABLE`. */
export function textIn(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (thrown) {
    throw new WaybillError('FILE_UNREADABLE', `cannot read ${file} (${(thrown as NodeJS.ErrnoException).code})`, {
      hint: `check the path after ${option}`,
      cause: thrown,
    })
  }
}
