import { WaybillError } from '../../core/errors.ts'
import { endpointOf, OpenCostClient, type OpenCostClientOptions } from '../../opencost/client.ts'
import { textIn } from './text-in.ts'
import { wholeNumber } from './whole-number.ts'

/** The options that tell how OpenCost is reached. */
export interface ClientOptions {
  readonly endpoint: string
  readonly port?: string
  readonly timeout: string
  readonly retries: string
  readonly tokenFile?: string
  /** `Name: value` each. */
  readonly header: readonly string[]
  readonly ca?: string
  readonly insecure?: boolean
}

/** How to reach it, without where. Throws WaybillError for an option that cannot be used. */
export function connectionOf(options: Omit<ClientOptions, 'endpoint' | 'port'>): Omit<OpenCostClientOptions, 'endpoint'> {
  const { timeout, retries, tokenFile, header, ca, insecure = false } = options
  return {
    timeout,
    retries: wholeNumber('--retries', retries, 0, 100),
    headers: Object.fromEntries(header.map(headerOf)),
    insecure,
    ...(tokenFile !== undefined && { token: tokenIn(tokenFile) }),
    ...(ca !== undefined && { ca }),
  }
}

/** Throws WaybillError for an option that cannot be used. */
export function clientOf({ endpoint, port, ...options }: ClientOptions): OpenCostClient {
  const url = endpointOf(endpoint)
  if (port !== undefined) url.port = String(wholeNumber('--port', port, 1, 65_535))
  return new OpenCostClient({ endpoint: url.href, ...connectionOf(options) })
}

/** The value is not told: it may be a secret. */
function headerOf(text: string): [name: string, value: string] {
  const [, name, value] = /^([!#$%&'*+\-.^_`|~\w]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/.exec(text) ?? []
  if (name !== undefined) return [name.toLowerCase(), value!]
  throw new WaybillError('INVALID_OPTION', 'what is given with --header is no header', { hint: "write --header 'Name: value'" })
}

function tokenIn(file: string): string {
  const token = textIn(file, '--token-file')
  if (/^[\x21-\x7e]+$/.test(token)) return token
  throw new WaybillError('INVALID_OPTION', `${file} does not hold a token`, { hint: 'the file after --token-file is the token alone' })
}
