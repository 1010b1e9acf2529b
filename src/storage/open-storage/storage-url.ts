import { WaybillError } from '../../sdk.ts'
import { type BucketConfig, camelName, checked } from './bucket-config.ts'

/** What no URL may hold, for URLs are shown. */
const secretNames = /key|secret|token|connection_string|account_json|service_account/

const types: Readonly<Record<string, BucketConfig['type']>> = { 's3:': 's3', 'az:': 'azure', 'gs:': 'gcs' }

/**
 * The bucket that a URL names: `s3://bucket/prefix?region=…`, `az://container/prefix?storage_account=…`, `gs://bucket/prefix`, with
 * settings of the bucket file behind the question mark. Credentials are those of the environment; of Azure also what its command
 * line reads there. Throws WaybillError `INVALID_OPTION`.
 */
export function bucketAt(url: string, env: Readonly<Record<string, string | undefined>>): BucketConfig {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const type = parsed && types[parsed.protocol]
  if (!parsed || type === undefined || parsed.hostname === '' || prefixIn(parsed) === undefined) throw notOne(url)
  if (parsed.username !== '' || parsed.password !== '' || [...parsed.searchParams.keys()].some((key) => secretNames.test(key)))
    throw new WaybillError('INVALID_OPTION', `the address of a storage at ${parsed.host} holds a credential, and would be shown with it`, {
      hint: 'leave it out, and give credentials by the environment or in a bucket file',
    })
  const settings = Object.fromEntries([...parsed.searchParams].map(([key, value]) => [camelName(key), settingOf(value)]))
  const bucket = type === 'azure' ? { ...accountIn(env), container: parsed.host } : { bucket: parsed.host }
  return checked({ type, config: { ...bucket, ...settings }, prefix: prefixIn(parsed) ?? '' })
}

/** What stands before an `@` or behind a `?` may be a secret. */
const notOne = (url: string): WaybillError =>
  new WaybillError(
    'INVALID_OPTION',
    `${url.includes('@') ? 'what is given' : JSON.stringify(url.split('?')[0])} is not the address of a storage`,
    {
      hint: 'write s3://bucket/prefix, az://container/prefix, gs://bucket/prefix, file:///folder or memory:',
    },
  )

const settingOf = (text: string): string | boolean => (text === 'true' ? true : text === 'false' ? false : text)

function prefixIn({ pathname }: URL): string | undefined {
  try {
    return decodeURIComponent(pathname.slice(1))
  } catch {
    return undefined
  }
}

/** As the command line of Azure reads it. */
function accountIn(env: Readonly<Record<string, string | undefined>>): object {
  const given = {
    storageAccount: env.AZURE_STORAGE_ACCOUNT,
    storageAccountKey: env.AZURE_STORAGE_KEY,
    storageConnectionString: env.AZURE_STORAGE_CONNECTION_STRING,
    sasToken: env.AZURE_STORAGE_SAS_TOKEN,
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value))
}
