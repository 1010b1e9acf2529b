/** Azurite, which answers for Azure's blob and queue storage. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, ServerProcess } from './server-process.ts'

export interface AzuriteOptions {
  /** For its blobs; one that held those of another goes on with them. */
  readonly directory: string
  /** Default: any that are free. */
  readonly ports?: Azurite['ports']
}

export interface Azurite {
  /** The address of the account's blobs. */
  readonly blobEndpoint: string
  readonly queueEndpoint: string
  readonly ports: { readonly blob: number; readonly queue: number }
  readonly account: string
  readonly key: string
  readonly connectionString: string
  stop(): Promise<void>
}

/** The account that everybody has with it, as its documentation tells. */
const account = 'devstoreaccount1'
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

const installed = fileURLToPath(new URL('../../.servers/node_modules/azurite/dist/src/azurite.js', import.meta.url))

/** Rejects with the end of its output when it does not come up. */
export async function startAzurite({ directory, ports: given }: AzuriteOptions): Promise<Azurite> {
  const ports = given ?? { blob: await freePort(), queue: await freePort() }
  const [blobEndpoint, queueEndpoint] = [ports.blob, ports.queue].map((port) => `http://127.0.0.1:${port}/${account}`) as [string, string]
  const server = await ServerProcess.start({
    program: process.execPath,
    args: [
      installed,
      ...['--location', directory, '--debug', join(directory, 'azurite.log'), '--skipApiVersionCheck', '--disableTelemetry'],
      ...['--blobPort', String(ports.blob), '--queuePort', String(ports.queue), '--tablePort', String(await freePort())],
    ],
    // Whoever is not let in was answered.
    ready: async () => (await Promise.all([blobEndpoint, queueEndpoint].map((url) => fetch(`${url}?comp=list`)))).length === 2,
  })
  const parts = {
    DefaultEndpointsProtocol: 'http',
    AccountName: account,
    AccountKey: key,
    BlobEndpoint: blobEndpoint,
    QueueEndpoint: queueEndpoint,
  }
  const connectionString = Object.entries(parts)
    .map(([name, value]) => `${name}=${value}`)
    .join(';')
  return { blobEndpoint, queueEndpoint, ports, account, key, connectionString, stop: () => server.stop() }
}
