import { duration, Secret, secret, z } from '../../sdk.ts'
import { mappingProblem } from './mapping.ts'

/** Of RFC 9110, 5.6.2 and 5.5: what a name and a value may hold. */
const nameOfHeader = /^[!#$%&'*+.^_`|~\w-]+$/
const valueOfHeader = /^[\t\x20-\x7e\x80-\xff]*$/

/** Headers that say how a message travels, which only the exporter knows. */
const reserved = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
])

const headerName = () => z.string().regex(nameOfHeader, 'is not the name of a header')

/** A secret that is sent in a header. */
const credential = () => secret().refine((value) => valueOfHeader.test(value.reveal()), 'holds a character that no header can')

const httpUrl = () => z.url({ abort: true, protocol: /^https?$/, error: 'is not an address that begins with http:// or https://' })

const auth = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none').describe('Shows nothing.') }),
  z.strictObject({
    type: z.literal('api_key').describe('A key in a header.'),
    header: headerName().default('X-API-Key').describe('The header that carries the key.'),
    key: credential().describe('The key.'),
  }),
  z.strictObject({
    type: z.literal('bearer').describe('A token (RFC 6750).'),
    token: credential().describe('Sent as `Authorization: Bearer …`.'),
  }),
  z.strictObject({
    type: z.literal('basic').describe('User name and password (RFC 7617).'),
    username: z
      .string()
      .regex(/^[^:]*$/, 'must not hold a colon')
      .describe('User name.'),
    password: secret().describe('Password.'),
  }),
  z.strictObject({
    type: z.literal('oauth2').describe('A token that a server of OAuth 2.0 gives for client credentials (RFC 6749, 4.4).'),
    tokenUrl: httpUrl().describe('Where tokens are issued.'),
    clientId: z.string().min(1).describe('The client’s identifier.'),
    clientSecret: secret().describe('The client’s secret.'),
    scope: z.string().min(1).optional().describe('Scopes to ask for, with spaces between them.'),
  }),
])

const tls = z.strictObject({
  ca: z.string().min(1).optional().describe('Certificates to trust in place of the usual ones: a file or PEM text.'),
  cert: z.string().min(1).optional().describe('Certificate to show the server: a file or PEM text.'),
  key: secret().optional().describe('Private key of cert: a file or PEM text.'),
  insecure: z.boolean().default(false).describe('Take any certificate of the server, which lets anybody read and change what is sent.'),
  serverName: z.string().min(1).optional().describe('Name that the server’s certificate must have. Default: the host of endpoint.'),
})

/** What stands under `config:`. */
export const config = z
  .strictObject({
    endpoint: httpUrl().describe('Where the records are sent. A user name and password in it are sent as basic authentication.'),
    method: z.enum(['POST', 'PUT', 'PATCH']).default('POST').describe('Method of the requests.'),
    headers: z
      .record(headerName(), credential())
      .prefault({})
      .describe('Headers to send, by name. They may hold secrets: they are never shown.'),
    auth: auth
      .prefault({ type: 'none' })
      .describe('How to show who sends, by `type`: `none`, `api_key`, `bearer`, `basic` or `oauth2` (client credentials).'),
    format: z.enum(['json', 'jsonl']).default('json').describe('One array of records, or JSON lines.'),
    mapping: z
      .string()
      .superRefine((expression, context) => {
        const problem = mappingProblem(expression)
        if (problem) context.addIssue({ code: 'custom', message: problem })
      })
      .optional()
      .describe('JSONata expression that makes the payload of `{ signal, table, records }`. Default: the records.'),
    compression: z.enum(['none', 'gzip', 'zstd']).default('none').describe('Of the body.'),
    timeout: duration().prefault('30s').describe('A request without an answer for so long has failed.'),
    retryOnStatusCodes: z
      .array(z.int().min(400).max(599))
      .optional()
      .describe('Status codes that are worth another try. Default: 408, 429, 500, 502, 503, 504. 401, 403, 404 and 407 always are.'),
    rateLimit: z.number().positive().optional().describe('Requests a second; further ones wait for their turn. Default: no limit.'),
    idempotencyHeader: headerName()
      .default('Idempotency-Key')
      .describe('The header by which a server can tell a repeated request. Sent for batches that come from a buffer.'),
    localAddress: z.union([z.ipv4(), z.ipv6()]).optional().describe('Address of this machine to send from.'),
    proxy: httpUrl()
      .transform((url) => new Secret(url))
      .meta({ title: 'URL' })
      .optional()
      .describe('Proxy to send through, with its user name and password if it asks for them.'),
    tls: tls.prefault({}).describe('How the server proves who it is, and this client too.'),
    connections: z.int().min(1).default(8).describe('Connections that are open at most. They are kept for further requests.'),
  })
  .superRefine(({ endpoint, auth, headers, idempotencyHeader }, context) => {
    const issue = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message })
    const { username, password } = new URL(endpoint)
    if ((username || password) && auth.type !== 'none') issue(['auth'], 'endpoint holds a user name already')
    const own = auth.type === 'api_key' ? auth.header : auth.type === 'none' && !username && !password ? undefined : 'Authorization'
    for (const name of Object.keys(headers)) {
      const lower = name.toLowerCase()
      if (reserved.has(lower) || lower === idempotencyHeader.toLowerCase()) issue(['headers', name], 'is set by the exporter')
      if (lower === own?.toLowerCase()) issue(['headers', name], 'is set by auth')
    }
  })

export type Config = z.output<typeof config>
export type AuthConfig = Config['auth']
export type TlsConfig = Config['tls']
