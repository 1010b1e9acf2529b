import { WaybillError } from '../../sdk.ts'

const hints: Readonly<Record<string, string>> = {
  ENOSPC: 'free some space there, or limit what is kept with a retention',
  EDQUOT: 'the quota is used up: free some space there, or limit what is kept with a retention',
  EFBIG: 'choose a smaller maximum file size, or raise the limit of the process (ulimit -f)',
  EACCES: 'give the user that runs this process permission to write there, or choose another output directory',
  EPERM: 'give the user that runs this process permission to write there, or choose another output directory',
  EROFS: 'the file system is mounted read-only: choose another output directory',
  ENOTDIR: 'a part of the path is a file: choose another output directory',
  EEXIST: 'the path is a file: choose another output directory',
  ENAMETOOLONG: 'choose a shorter file name template or output directory',
  EMFILE: 'raise the limit of open files of the process (ulimit -n)',
}

/** The error `DESTINATION_UNAVAILABLE` for a path that the system refused, with what to do about it. */
export function unavailable(path: string, error: Error): WaybillError {
  const { code } = error as NodeJS.ErrnoException
  return new WaybillError('DESTINATION_UNAVAILABLE', `cannot write to ${path}: ${error.message}`, {
    hint: hints[code ?? ''] ?? 'see that the directory exists and can be written to',
    cause: error,
  })
}
