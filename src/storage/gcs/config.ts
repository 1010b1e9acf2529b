import { duration, Secret, size, z } from '../../sdk.ts'

/** Streams are sent in chunks of a multiple of this, as Google asks. */
const chunkBytes = 2 ** 18

const serviceAccount = z
  .string()
  .min(1)
  .refine((text) => accountIn(text) !== undefined, 'is not the JSON of a service account: give the text of its key file, not a path')
  .transform((text) => new Secret(text))
  .meta({ title: 'secret' })

/** How to reach a bucket of Google Cloud Storage: the keys of the bucket files of Thanos and OpenCost. */
export const gcsConfig = z.strictObject({
  bucket: z.string().min(1).describe('The bucket. It has to be there.'),
  serviceAccount: serviceAccount
    .optional()
    .describe('Text of the key file of a service account, JSON. Default: the credentials of the environment or of this machine.'),
  endpoint: z
    .url({ protocol: /^https?$/, error: 'is not an address that begins with http:// or https://' })
    .optional()
    .describe('Address of the service, where it is not Google’s own. Without service_account nothing is shown to one elsewhere.'),
  chunkSizeBytes: size()
    .refine((bytes) => bytes > 0 && bytes % chunkBytes === 0, 'must be a multiple of 256 KiB')
    .prefault('16MiB')
    .describe('Length of the parts that streams are sent in.'),
  timeout: duration().prefault('2m').describe('A request without an answer for so long has failed.'),
})

export type GcsConfig = z.output<typeof gcsConfig>

/** What stands in the key file of a service account; undefined where it is none. */
export function accountIn(text: string): { readonly private_key?: string; readonly project_id?: string } | undefined {
  try {
    const account = JSON.parse(text)
    return typeof account?.type === 'string' ? account : undefined
  } catch {
    return undefined
  }
}
