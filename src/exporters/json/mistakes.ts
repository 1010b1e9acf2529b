import { WaybillError } from '../../sdk.ts'

/** A file that is to be written on is not an array of samples. */
export const notOurArray = (path: string, problem: string): WaybillError =>
  new WaybillError('DESTINATION_UNAVAILABLE', `cannot append to ${path}: ${problem}`, {
    hint: 'choose another filename, mend the file or move it away, or replace it with append: false',
  })
