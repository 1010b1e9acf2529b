import { secret, size, z } from '../../sdk.ts'

const auth = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('az').describe('Whoever has logged in with the Azure CLI.') }),
    z.strictObject({
      type: z.literal('managed_identity').describe('The identity that Azure gave this machine.'),
      clientId: z.string().min(1).optional().describe('Client id of the identity, where the machine has several.'),
    }),
    z.strictObject({
      type: z.literal('application').describe('An application that is registered with Entra.'),
      tenant: z.string().min(1).describe('Its tenant.'),
      clientId: z.string().min(1).describe('Its client id.'),
      key: secret().describe('Its secret.'),
    }),
    z.strictObject({ type: z.literal('token').describe('A token of Entra, for a while.'), token: secret().describe('The token.') }),
    z.strictObject({ type: z.literal('none').describe('Shows nothing, as the emulator wants it.') }),
  ])
  .describe('How to show who sends, by `type`: `az`, `managed_identity`, `application`, `token` or `none`.')

const tableName = (name: string, of: string) => z.string().min(1).default(name).describe(`Table for ${of}.`)

/** What stands under `config:`. */
export const config = z.strictObject({
  cluster: z
    .url({ protocol: /^https?$/, error: 'is not an address that begins with https://' })
    .describe('Address of the cluster, with or without `ingest-`: https://name.region.kusto.windows.net.'),
  database: z.string().min(1).describe('The database. It has to be there.'),
  auth,
  tables: z
    .strictObject({
      metrics: tableName('metrics', 'points'),
      traces: tableName('traces', 'spans'),
      logs: tableName('logs', 'log records'),
      alerts: tableName('alerts', 'alerts'),
    })
    .prefault({})
    .describe('Tables of the signals. Rows go to the table that they name.'),
  createTables: z
    .boolean()
    .default(true)
    .describe(
      'Whether tables are made that are missing, and columns that they lack. Needs the role Database User beside Database Ingestor.',
    ),
  skipRepeated: z
    .boolean()
    .default(false)
    .describe('Whether a delivery that is tried again is tagged, so that Kusto takes it in once. Tags cost it some speed.'),
  flushImmediately: z
    .boolean()
    .default(false)
    .describe('Whether Kusto takes in each batch at once, rather than together with others within minutes.'),
  maxBytes: size()
    .refine((bytes) => bytes >= 1024, 'must be 1 KiB or more')
    .prefault('64MiB')
    .describe('JSON of one batch at most; a larger batch is split.'),
})

export type Config = z.output<typeof config>
