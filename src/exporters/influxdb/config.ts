import { checkHeaders, credential, httpOptions, httpUrl } from '../../http/index.ts'
import { secret, z } from '../../sdk.ts'

/** Which of the options that say where the points go each version of InfluxDB has. */
const byVersion = {
  1: { required: ['database'], allowed: ['retentionPolicy', 'createDatabase', 'username', 'password'] },
  2: { required: ['org', 'bucket', 'token'], allowed: [] },
  3: { required: ['database'], allowed: ['token'] },
} as const satisfies Record<number, { required: readonly string[]; allowed: readonly string[] }>

const name = () => z.string().min(1)

const url = httpUrl().superRefine((text, context) => {
  const { username, password, search, hash } = new URL(text)
  if (username || password)
    context.addIssue({ code: 'custom', message: 'must hold no user name and password: give them as username and password' })
  if (search || hash) context.addIssue({ code: 'custom', message: 'must end with its path: the exporter sets the query' })
})

/** What stands under `config:`. */
export const config = z
  .strictObject({
    url: url.default('http://localhost:8086').describe('Address of the server, with the path in front of its API where a proxy adds one.'),
    version: z
      .literal([1, 2, 3])
      .optional()
      .describe('Version of InfluxDB. Default: 2 where a bucket is given, 3 where a database and a token are, else 1.'),
    database: name().optional().describe('Database to write to, in InfluxDB 1 and 3.'),
    retentionPolicy: name().optional().describe('Retention policy to write to, in InfluxDB 1. Default: that of the database.'),
    createDatabase: z.boolean().default(false).describe('Whether to create a database that is not there, in InfluxDB 1.'),
    username: z
      .string()
      .regex(/^[^:]+$/, 'must hold something, and no colon')
      .optional()
      .describe('User name, in InfluxDB 1.'),
    password: secret().optional().describe('Password of that user.'),
    org: name().optional().describe('Organization, its name or id, in InfluxDB 2.'),
    bucket: name().optional().describe('Bucket to write to, in InfluxDB 2 and what understands its API.'),
    token: credential().optional().describe('Token that may write, in InfluxDB 2 and 3.'),
    measurement: name()
      .optional()
      .describe('One measurement for all, each metric a field of it. Default: each metric is a measurement, with the field `value`.'),
    tags: z.record(name(), z.string()).default({}).describe('Tags of every point; a label of the same name stands above it.'),
    resourceAttributes: z
      .union([z.literal('all'), z.array(name())])
      .default('all')
      .describe('Attributes of the resource that become tags: `all`, or the names of some.'),
    compression: z.enum(['none', 'gzip']).default('gzip').describe('Of the body.'),
    ...httpOptions,
  })
  .superRefine((given, context) => {
    const issue = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
    const version = versionOf(given)
    const { required, allowed } = byVersion[version]
    for (const key of required) if (given[key] === undefined) issue(key, `is required for InfluxDB ${version}`)
    for (const key of options)
      if (given[key] && ![...required, ...allowed].includes(key as never)) issue(key, `is no option of InfluxDB ${version}`)
    if (given.username !== undefined && !given.password) issue('password', 'is required with a user name')
    if (given.password && given.username === undefined) issue('username', 'is required with a password')
    checkHeaders(given.headers, { auth: given.token || given.username !== undefined ? 'Authorization' : undefined }, context)
  })

const options = [...new Set(Object.values(byVersion).flatMap(({ required, allowed }) => [...required, ...allowed]))]

export type Config = z.output<typeof config>

/** As given, or as the rest tells. */
export function versionOf({ version, database, bucket, token }: Pick<Config, 'version' | 'database' | 'bucket' | 'token'>): 1 | 2 | 3 {
  return version ?? (bucket !== undefined ? 2 : database !== undefined && token ? 3 : 1)
}
