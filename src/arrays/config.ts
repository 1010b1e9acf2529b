import { keyBytes } from '../files/key-bytes.ts'
import { listenProblem, secret, z } from '../sdk.ts'
import { collectionSchema } from './collection/config.ts'
import { chosenSchema } from './third-party/chosen-exporters.ts'
import { trapsSchema } from './traps/config.ts'

const types = 'A file of SQLite in the data directory, or PostgreSQL from version 12 on, with the package pg.'

const databaseSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('sqlite').describe(types) }),
  z.strictObject({
    type: z.literal('postgresql').describe(types),
    connectionString: secret().describe('Of PostgreSQL: postgresql://user:password@host:5432/database'),
  }),
])

/** What stands under `arrays:`. */
export const arraysSchema = z
  .object({
    listen: z.string().default('127.0.0.1:8190').describe('host:port of the REST API of arrays; port 0 takes a free one.'),
    token: secret().optional().describe('Asked for as a bearer token; required when it listens beyond loopback.'),
    key: secret()
      .refine((key) => keyBytes(key) !== undefined, 'expected 32 bytes, as 64 hex digits or in base64')
      .optional()
      .describe(
        'What the credentials of arrays are encrypted with where they are kept. Default: a key made at the first start, in the data directory.',
      ),
    database: databaseSchema.default({ type: 'sqlite' }).describe('Where it is kept which arrays there are.'),
    ...chosenSchema,
    collection: collectionSchema.prefault({}).describe('How what arrays measure is collected.'),
    traps: trapsSchema.prefault({}).describe('SNMP traps, by which arrays tell of alerts themselves.'),
  })
  .superRefine(({ listen, token }, context) => {
    const message = listenProblem(listen, token !== undefined)
    if (message) context.addIssue({ code: 'custom', path: ['listen'], message })
  })

export type ArraysConfig = z.output<typeof arraysSchema>
