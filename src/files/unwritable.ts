import { WaybillError } from '../core/errors.ts'

const hints: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space there',
  EDQUOT: 'the quota is used up: free some space there',
  EFBIG: 'begin another file, or raise the limit of the process (ulimit -f)',
  EACCES: 'give the user that runs this process permission to write there, or choose another path',
  EPERM: 'give the user that runs this process permission to write there, or choose another path',
  EROFS: 'the file system is mounted read-only: choose another path',
  ENOTDIR: 'a part of the path is a file: choose another path',
  EEXIST: 'a part of the path is a file: choose another path',
  EISDIR: 'the path is a folder: name a file in it',
  ENAMETOOLONG: 'choose a shorter path',
  EMFILE: 'raise the limit of open files of the process (ulimit -n)',
}

/** The error `DESTINATION_UNAVAILABLE` for a path that the system refused to have written, with what to do about it. */
export function unwritable(path: string, error: Error): WaybillError {
  const { code } = error as NodeJS.ErrnoException
  return new WaybillError('DESTINATION_UNAVAILABLE', `cannot write to ${path}: ${error.message}`, {
    hint: hints[code ?? ''] ?? 'see that the path exists and can be written to',
    cause: error,
  })
}
