import { WaybillError } from '../../core/errors.ts'
import type { Host } from '../../core/plugin.ts'
import { Secret } from '../../core/secret.ts'
import { type KustoIdentity, kustoPackages } from '../../kusto/client.ts'
import { type FileProperties, QueuedIngestion } from '../../kusto/queued-ingestion.ts'
import { packageLoader } from '../../packages/package-loader.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../print.ts'
import { filePropertiesOf } from './kusto-file.ts'
import { textIn } from './text-in.ts'

export interface KustoIngestOptions {
  readonly cluster?: string
  readonly database?: string
  readonly table?: string
  readonly tokenFile?: string
  /** A client id, or true for the machine's own. */
  readonly managedIdentity?: string | true
  readonly clientId?: string
  readonly tenant?: string
  readonly keyFile?: string
  readonly dryRun?: boolean
}

/** `waybill kusto ingest`: every file is looked at before the first is queued. */
export async function kustoIngest(
  files: readonly string[],
  options: KustoIngestOptions,
  load: Host['load'] = packageLoader(kustoPackages),
): Promise<number> {
  const { cluster, database, table, dryRun } = options
  const all = await Promise.all(files.map(async (path) => ({ path, properties: await filePropertiesOf(path, table) })))
  if (dryRun) {
    print(all.map(({ path, properties }) => `would be queued: ${told(path, properties)}\n`).join(''))
    return exitCodes.ok
  }
  if (cluster === undefined || database === undefined)
    throw usage('there is no cluster and database to queue for', 'give --cluster https://<name>.<region>.kusto.windows.net and --database')
  if (!URL.canParse(cluster)) throw usage(`${JSON.stringify(cluster)} is no address of a cluster`, 'it begins with https://')
  const ingestion = await QueuedIngestion.open(load, { cluster, database, identity: identityOf(options) })
  try {
    for (const { path, properties } of all) {
      const id = await ingestion.queue(path, properties)
      print(`queued: ${told(path, properties)}, as ${id}\n`)
    }
  } finally {
    ingestion.close()
  }
  print(`Kusto takes them in within minutes; what it could not: .show ingestion failures\n`)
  return exitCodes.ok
}

const told = (path: string, { table, format, mapping }: FileProperties): string =>
  `${path} → ${table} (${format}${mapping === undefined ? '' : `, mapping ${mapping}`})`

function identityOf({ tokenFile, managedIdentity, clientId, tenant, keyFile }: KustoIngestOptions): KustoIdentity {
  const application = [clientId, tenant, keyFile]
  const given = [tokenFile, managedIdentity, application.find((part) => part !== undefined)].filter((part) => part !== undefined)
  if (given.length > 1) throw usage('there is more than one identity', 'give a token, a managed identity or an application')
  if (tokenFile !== undefined) return { type: 'token', token: secretIn(tokenFile, '--token-file') }
  if (managedIdentity !== undefined) return { type: 'managed_identity', ...(managedIdentity !== true && { clientId: managedIdentity }) }
  if (given.length === 0) return { type: 'az' }
  if (clientId === undefined || tenant === undefined || keyFile === undefined)
    throw usage('an application is not told as a whole', 'give --client-id, --tenant and --key-file')
  return { type: 'application', clientId, tenant, key: secretIn(keyFile, '--key-file') }
}

function secretIn(file: string, option: string): Secret {
  const text = textIn(file, option)
  if (text === '') throw usage(`${file} is empty`, `the file after ${option} is the secret alone`)
  return new Secret(text)
}

const usage = (message: string, hint: string) => new WaybillError('INVALID_OPTION', message, { hint })
