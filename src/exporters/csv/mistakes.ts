import { WaybillError } from '../../sdk.ts'

const most = 10

/** So many names are told, and how many there are besides. */
const named = (names: readonly string[]): string =>
  names.slice(0, most).join(', ') + (names.length > most ? ` and ${names.length - most} more` : '')

/** A file that is to be written on has other columns than the rows. */
export function otherHeader(path: string, columns: readonly string[], needed: readonly string[]): WaybillError {
  const lacking = needed.filter((column) => !columns.includes(column))
  const besides = columns.filter((column) => !needed.includes(column))
  const difference = [
    lacking.length > 0 && `it has no ${named(lacking)}`,
    besides.length > 0 && `it has ${named(besides)} besides`,
    lacking.length + besides.length === 0 && 'they are in another order',
  ].filter(Boolean)
  return new WaybillError('DESTINATION_UNAVAILABLE', `cannot append to ${path}, which has other columns: ${difference.join(', and ')}`, {
    hint: 'choose another filename, move the file away, or replace it with append: false',
  })
}

/** A file that is to be written on does not begin as a table of samples does. */
export const notATable = (path: string, first: string | undefined): WaybillError =>
  new WaybillError('DESTINATION_UNAVAILABLE', `cannot append to ${path}: its first column is ${JSON.stringify(first)}, not "timestamp"`, {
    hint: 'choose another filename, move the file away, or replace it with append: false',
  })

export const tooManyColumns = (name: string, maxColumns: number): Error =>
  new Error(
    `no column for ${name}: there are ${maxColumns} already; raise max_columns, look for a label with too many values, or use format: long`,
  )
