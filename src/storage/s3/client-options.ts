import { readFile } from 'node:fs/promises'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { userAgent } from '../../http/user-agent.ts'
import { WaybillError } from '../../sdk.ts'
import type { S3Config } from './config.ts'

/** Whether that is not the address of AWS. */
export const isElsewhere = (endpoint: URL | undefined): boolean =>
  endpoint !== undefined && !/\.amazonaws\.com(\.cn)?$/.test(endpoint.hostname)

/** The address of the service; undefined for that of AWS in the region. */
export function endpointOf({ endpoint, insecure }: S3Config): URL | undefined {
  if (endpoint === undefined) return undefined
  const address = /^https?:\/\//.test(endpoint) ? endpoint : `${insecure ? 'http' : 'https'}://${endpoint}`
  if (!URL.canParse(address))
    throw new WaybillError('INVALID_OPTION', `${JSON.stringify(endpoint)} is no address of a service`, {
      hint: 'write its host, such as minio.example.com:9000',
    })
  return new URL(address)
}

/** What the client of the AWS SDK is made with. Rejects with WaybillError `FILE_UNREADABLE`. */
export async function clientOptions(config: S3Config): Promise<object> {
  const { region, accessKey, secretKey, sessionToken, bucketLookupType } = config
  const endpoint = endpointOf(config)
  const elsewhere = isElsewhere(endpoint)
  return {
    ...(endpoint && { endpoint: endpoint.href }),
    // A region is part of what is signed, also where the service has none. On AWS the SDK finds that of the environment.
    ...(region !== undefined ? { region } : elsewhere && { region: 'us-east-1' }),
    forcePathStyle: bucketLookupType === 'path' || (bucketLookupType === 'auto' && elsewhere),
    ...(accessKey !== undefined && {
      credentials: {
        accessKeyId: accessKey,
        secretAccessKey: secretKey!.reveal(),
        ...(sessionToken && { sessionToken: sessionToken.reveal() }),
      },
    }),
    // Whoever waits for the answer tries again; a create that was answered twice would say that somebody else was first.
    maxAttempts: 1,
    // Services that are not AWS often do not know these.
    ...(elsewhere && { requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' }),
    customUserAgent: userAgent,
    requestHandler: await connections(config),
  }
}

async function connections({ httpConfig }: S3Config): Promise<object> {
  const { idleConnTimeout, responseHeaderTimeout, tlsHandshakeTimeout, maxIdleConns, maxConnsPerHost, tlsConfig } = httpConfig
  const [ca, cert, key] = await Promise.all([tlsConfig.caFile, tlsConfig.certFile, tlsConfig.keyFile].map(contentOf))
  const agent = {
    keepAlive: true,
    keepAliveMsecs: 1000,
    timeout: idleConnTimeout,
    maxFreeSockets: maxIdleConns,
    maxSockets: maxConnsPerHost === 0 ? Number.POSITIVE_INFINITY : maxConnsPerHost,
  }
  return {
    connectionTimeout: tlsHandshakeTimeout,
    requestTimeout: responseHeaderTimeout,
    throwOnRequestTimeout: true,
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent({
      ...agent,
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
      ...(tlsConfig.serverName && { servername: tlsConfig.serverName }),
      rejectUnauthorized: !(tlsConfig.insecureSkipVerify || httpConfig.insecureSkipVerify),
    }),
  }
}

async function contentOf(file: string | undefined): Promise<Buffer | undefined> {
  if (file === undefined) return undefined
  try {
    return await readFile(file)
  } catch (thrown) {
    throw new WaybillError('FILE_UNREADABLE', `${file} cannot be read: ${(thrown as NodeJS.ErrnoException).code}`, {
      hint: 'check its path and its permissions',
    })
  }
}
