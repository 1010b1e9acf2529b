/** What a failure says of the database, and what of a record. Codes: https://sqlite.org/rescode.html */
import { toError, WaybillError } from '../../../sdk.ts'

const codes = {
  busy: 5,
  locked: 6,
  readonly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  tooBig: 18,
  constraint: 19,
  mismatch: 20,
  notADatabase: 26,
}
const foreignKey = 787

const permission = 'give the user that runs this process permission to write the file and its folder, or choose another path'
const inUse = 'another process is writing to it: it is tried again; keep transactions there short, or raise busy_timeout'
const hints: Readonly<Record<number, string>> = {
  [codes.busy]: inUse,
  [codes.locked]: inUse,
  [codes.readonly]: permission,
  [codes.io]: 'see that the disk works, has space, and that no limit of file size (ulimit -f) is reached',
  [codes.corrupt]: 'restore the file from a backup, or move it away and a new one is begun',
  [codes.full]: 'free some space there, or delete old rows from the database',
  [codes.cannotOpen]: permission,
  [codes.notADatabase]: 'the file is something else: choose another path',
}

/** The error of a database that cannot be used now, with what to do about it. */
export function unavailable(path: string, thrown: unknown): WaybillError {
  if (thrown instanceof WaybillError) return thrown
  const error = toError(thrown)
  const code = codeOf(error)
  return new WaybillError('DESTINATION_UNAVAILABLE', `cannot write to the database ${path}: ${error.message}`, {
    hint: hints[code === undefined ? codes.cannotOpen : code & 0xff] ?? 'see what the message says of the database',
    cause: error,
  })
}

/**
 * Whether it is this one record that cannot be written: it has no such form, or a constraint, a type or its size is against
 * it. A missing foreign key is the database's fault: somebody has removed a series to which points were about to be added.
 */
export function isOfRecord(thrown: unknown): boolean {
  if (thrown instanceof TypeError || thrown instanceof RangeError) return true
  const code = codeOf(thrown)
  if (code === undefined || code === foreignKey) return false
  return [codes.constraint, codes.mismatch, codes.tooBig].includes(code & 0xff)
}

/** The extended result code; undefined for what is not SQLite's. */
function codeOf(thrown: unknown): number | undefined {
  const { errcode } = thrown as { errcode?: unknown }
  return typeof errcode === 'number' ? errcode : undefined
}
