import { authOption, checkHeaders, headerName, httpOptions, httpUrl } from '../../http/index.ts'
import { z } from '../../sdk.ts'
import { mappingProblem } from './mapping.ts'

/** What stands under `config:`. */
export const config = z
  .strictObject({
    endpoint: httpUrl().describe('Where the records are sent. A user name and password in it are sent as basic authentication.'),
    method: z.enum(['POST', 'PUT', 'PATCH']).default('POST').describe('Method of the requests.'),
    auth: authOption(),
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
    idempotencyHeader: headerName()
      .default('Idempotency-Key')
      .describe('The header by which a server can tell a repeated request. Sent for batches that come from a buffer.'),
    ...httpOptions,
  })
  .superRefine(({ endpoint, auth, headers, idempotencyHeader }, context) => {
    const { username, password } = new URL(endpoint)
    const named = username !== '' || password !== ''
    if (named && auth.type !== 'none') context.addIssue({ code: 'custom', path: ['auth'], message: 'endpoint holds a user name already' })
    const header = auth.type === 'api_key' ? auth.header : auth.type !== 'none' || named ? 'Authorization' : undefined
    checkHeaders(headers, { auth: header, exporter: [idempotencyHeader] }, context)
  })

export type Config = z.output<typeof config>
