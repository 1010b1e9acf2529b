import { readFileSync } from 'node:fs'
import { type Host, type Storage, toError, WaybillError, z } from '../../sdk.ts'
import { bucketForms } from './bucket-config.ts'
import { bucketConfigIn, openStorage } from './open-storage.ts'

const kind =
  'A folder of this machine; the memory of the process, to try things out; or a bucket, as a bucket file says it, by its address, or here.'

const address = z.string().superRefine((url, context) => {
  try {
    openStorage(url)
  } catch (thrown) {
    context.addIssue({ code: 'custom', message: thrown instanceof WaybillError ? thrown.explain() : toError(thrown).message })
  }
})

/** What keeps the files of an exporter, by `type`. */
export const storageConfig = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('file').describe(kind),
    directory: z.string().min(1).describe('The folder, made when it is missing.'),
  }),
  z.strictObject({ type: z.literal('memory').describe(kind) }),
  z.strictObject({
    type: z.literal('url').describe(kind),
    url: address.describe('`s3://bucket/prefix?region=eu-west-1`, `az://container/prefix`, `gs://bucket/prefix` or `file:///folder`.'),
  }),
  z.strictObject({
    type: z.literal('bucket_file').describe(kind),
    file: z.string().min(1).describe('A file of YAML with `type` (S3, AZURE, GCS or FILESYSTEM), `config` and `prefix`, as Thanos has it.'),
  }),
  ...bucketForms,
])

/** Connects to nothing yet. Throws WaybillError `FILE_UNREADABLE` or `INVALID_OPTION`. */
export function storageFor(config: z.output<typeof storageConfig>, host: Pick<Host, 'load' | 'clock' | 'fetch'>): Storage {
  switch (config.type) {
    case 'file':
      return openStorage({ type: 'filesystem', config, prefix: '' }, host)
    case 'memory':
      return openStorage('memory:', host)
    case 'url':
      return openStorage(config.url, host)
    case 'bucket_file':
      return openStorage(bucketConfigIn(textOf(config.file)), host)
    default:
      return openStorage(config, host)
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    throw new WaybillError('FILE_UNREADABLE', `the bucket file ${file} cannot be read: ${(thrown as NodeJS.ErrnoException).code}`, {
      hint: 'check its path and its permissions',
    })
  }
}
