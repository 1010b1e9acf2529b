import { parse } from 'yaml'
import { toError, WaybillError, z } from '../../sdk.ts'
import { azureBlobConfig } from '../azure_blob/config.ts'
import { gcsConfig } from '../gcs/config.ts'
import { s3Config } from '../s3/config.ts'

const kind = 'What keeps the files: a folder, or a bucket of S3, Azure or Google.'
const prefix = z.string().default('').describe('Directory in the bucket that is taken for the root.')

/** The forms of a bucket file: `type`, `config` and `prefix`, as Thanos and OpenCost write them. Types are known in capitals too. */
export const bucketForms = [
  z.strictObject({
    type: z.literal(['filesystem', 'FILESYSTEM']).describe(kind),
    config: z.strictObject({ directory: z.string().min(1).describe('The folder, made when it is missing.') }).describe('How to reach it.'),
    prefix,
  }),
  z.strictObject({ type: z.literal(['s3', 'S3']).describe(kind), config: s3Config.describe('How to reach it.'), prefix }),
  z.strictObject({ type: z.literal(['azure', 'AZURE']).describe(kind), config: azureBlobConfig.describe('How to reach it.'), prefix }),
  z.strictObject({ type: z.literal(['gcs', 'GCS']).describe(kind), config: gcsConfig.describe('How to reach it.'), prefix }),
] as const

const bucketConfig = z.discriminatedUnion('type', bucketForms)

/** A bucket, checked. */
export type BucketConfig = z.output<typeof bucketConfig>

/** The bucket that the text of a bucket file describes. Throws WaybillError `INVALID_OPTION` with all that is wrong with it. */
export function bucketConfigIn(text: string): BucketConfig {
  let given: unknown
  try {
    given = parse(text)
  } catch (thrown) {
    // The rest of the message shows lines, in which there may be secrets.
    throw unusable(toError(thrown).message.split(/ at |\n/)[0]!)
  }
  return checked(withType(camel(given)))
}

/** The bucket described by a mapping whose keys are in camelCase. Throws WaybillError `INVALID_OPTION`. */
export function checked(given: unknown): BucketConfig {
  const { success, data, error } = bucketConfig.safeParse(given)
  if (success) return data
  throw unusable(
    error.issues.map(({ path, message }) => `${path.map((key) => snake(String(key))).join('.')}: ${snake(message)}`).join('; '),
  )
}

const unusable = (why: string): WaybillError =>
  new WaybillError('INVALID_OPTION', `this describes no bucket: ${why}`, {
    hint: 'write type (S3, AZURE, GCS or FILESYSTEM), config with what that type needs, and prefix if there is one',
  })

/** The type in small letters, however it was written. */
const withType = (given: unknown): unknown =>
  typeof given === 'object' && given !== null && 'type' in given ? { ...given, type: String(given.type).toLowerCase() } : given

/** Names in these are the user's. */
const maps = new Set(['putUserMetadata', 'kmsEncryptionContext'])

function camel(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value).map(([key, item]) => {
    const name = camelName(key)
    // Go leaves a setting that is empty at its default.
    return [name, maps.has(name) ? item : item === '' ? undefined : camel(item)]
  })
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined && item !== null))
}

export const camelName = (key: string): string => key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

const snake = (text: string): string => text.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
