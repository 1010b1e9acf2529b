import { duration, Secret, secret, z } from '../sdk.ts'

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

/** A schema for the name of a header. */
export const headerName = () => z.string().regex(nameOfHeader, 'is not the name of a header')

/** A schema for a secret that is sent in a header. */
export const credential = () => secret().refine((value) => valueOfHeader.test(value.reveal()), 'holds a character that no header can')

/** A schema for an address of HTTP. */
export const httpUrl = () => z.url({ abort: true, protocol: /^https?$/, error: 'is not an address that begins with http:// or https://' })

/** A schema for how to show who sends. */
export const authOption = () =>
  z
    .discriminatedUnion('type', [
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
    .prefault({ type: 'none' })
    .describe('How to show who sends, by `type`: `none`, `api_key`, `bearer`, `basic` or `oauth2` (client credentials).')

const tls = z.strictObject({
  ca: z.string().min(1).optional().describe('Certificates to trust in place of the usual ones: a file or PEM text.'),
  cert: z.string().min(1).optional().describe('Certificate to show the server: a file or PEM text.'),
  key: secret().optional().describe('Private key of cert: a file or PEM text.'),
  insecure: z.boolean().default(false).describe('Take any certificate of the server, which lets anybody read and change what is sent.'),
  serverName: z.string().min(1).optional().describe('Name that the server’s certificate must have. Default: the host of the address.'),
})

/** What every exporter over HTTP lets its user set, for the object schema of its own: `z.strictObject({ url: httpUrl(), ...httpOptions })`. */
export const httpOptions = {
  headers: z
    .record(headerName(), credential())
    .prefault({})
    .describe('Headers to send, by name. They may hold secrets: they are never shown.'),
  timeout: duration().prefault('30s').describe('A request without an answer for so long has failed.'),
  retryOnStatusCodes: z
    .array(z.int().min(400).max(599))
    .optional()
    .describe('Status codes that are worth another try. Default: 408, 429, 500, 502, 503, 504. 401, 403, 404 and 407 always are.'),
  rateLimit: z.number().positive().optional().describe('Requests a second; further ones wait for their turn. Default: no limit.'),
  localAddress: z.union([z.ipv4(), z.ipv6()]).optional().describe('Address of this machine to send from.'),
  proxy: httpUrl()
    .transform((url) => new Secret(url))
    .meta({ title: 'URL' })
    .optional()
    .describe('Proxy to send through, with its user name and password if it asks for them.'),
  tls: tls.prefault({}).describe('How the server proves who it is, and this client too.'),
  connections: z.int().min(1).default(8).describe('Connections that are open at most. They are kept for further requests.'),
}

const settings = z.strictObject(httpOptions)

export type HttpSettings = z.output<typeof settings>
export type AuthSettings = z.output<ReturnType<typeof authOption>>
export type TlsSettings = HttpSettings['tls']

/** The defaults. */
export const httpDefaults: HttpSettings = settings.parse({})

/** Which headers are not the user’s to set. */
export interface OwnHeaders {
  /** That of the authorization. */
  readonly auth?: string | undefined
  /** Those that the exporter sets itself, beside the ones that say how a message travels. */
  readonly exporter?: readonly string[]
}

/** For `superRefine`: an issue for each of `headers` that the user may not set. */
export function checkHeaders(headers: HttpSettings['headers'], { auth, exporter = [] }: OwnHeaders, context: z.RefinementCtx): void {
  const own = new Set(exporter.map((name) => name.toLowerCase()))
  for (const name of Object.keys(headers)) {
    const lower = name.toLowerCase()
    const message = reserved.has(lower) || own.has(lower) ? 'is set by the exporter' : lower === auth?.toLowerCase() ? 'is set by auth' : ''
    if (message) context.addIssue({ code: 'custom', path: ['headers', name], message })
  }
}
