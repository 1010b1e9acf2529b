import { WaybillError } from '../core/errors.ts'
import { directoryPath, filePath } from '../core/storage.ts'
import type { Window } from '../core/window.ts'

/** A root as it stands in paths: cleaned, and absolute where it was. It may be empty. */
export function rootOf(root: string): string {
  return `${root.startsWith('/') ? '/' : ''}${directoryPath(root)}`
}

/** The part of a path that `name` (what it is, for people) stands for. It may be several directories, but none above them. */
export function partOf(name: string, part: string): string {
  const path = directoryPath(part)
  if (path === '') throw new WaybillError('INVALID_OPTION', `${name} cannot be empty`, { hint: 'name it: it is a directory in the path' })
  return path
}

/** Directories, one in the other; those that are empty are left out. */
export const joined = (...parts: readonly string[]): string =>
  parts
    .filter((part) => part !== '')
    .join('/')
    .replace(/^\/\//, '/')

/** The path of a file in a directory, with `dot`s between the parts of its name that are not empty. */
export function fileIn(directory: string, ...nameParts: readonly string[]): string {
  return joined(directory, filePath(nameParts.filter((part) => part !== '').join('.')))
}

/** `YYYYMMDDHHmmss` in UTC. Throws WaybillError `INVALID_OPTION` for no valid time. */
export function timestampOf(time: Date): string {
  const { year, month, day } = dateOf(time)
  const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()].map(twoDigits)
  return [year, month, day, ...clock].join('')
}

/** Year, month and day in UTC, in four and two digits. */
export function dateOf(time: Date): { readonly year: string; readonly month: string; readonly day: string } {
  checkTime(time)
  return {
    year: String(time.getUTCFullYear()).padStart(4, '0'),
    month: twoDigits(time.getUTCMonth() + 1),
    day: twoDigits(time.getUTCDate()),
  }
}

/** `<start>-<end>` in seconds since the epoch, with a fraction where there is one. */
export function spanOf({ start, end }: Window): string {
  checkTime(start)
  checkTime(end)
  return `${start.getTime() / 1000}-${end.getTime() / 1000}`
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')

function checkTime(time: Date): void {
  if (Number.isNaN(time.getTime())) throw new WaybillError('INVALID_OPTION', 'an invalid time has no path', { hint: 'give a valid Date' })
}
