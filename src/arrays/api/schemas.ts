/** What the REST API takes and answers: requests are checked by these, and the OpenAPI document is made of them. */
import { z } from '../../sdk.ts'
import { accessShape, accessWays, alertSourceSchema, secretFields } from '../model/access.ts'
import { capabilitiesSchema } from '../model/measures.ts'
import { deviceSchema, type ResourceKind, resourceSchemas } from '../model/resources.ts'

const word = (description: string) => z.string().min(1).max(255).describe(description)
const time = (description: string) => z.iso.datetime().nullable().describe(description)
const ms = (description: string) => z.int().optional().describe(`${description}, in milliseconds since the epoch.`)

const reachable = <Schema extends z.ZodType>(schema: Schema) =>
  schema.refine((given) => accessWays.some((way) => (given as Readonly<Record<string, unknown>>)[way] !== undefined))

const storageName = word('What to call it, in place of the name that it has.').optional()

/** A request to register an array. */
export const registration = reachable(
  z.strictObject({ vendor: word('Of the driver.'), model: word('Of the driver.'), storage_name: storageName, ...accessShape }),
)

/** A request to reach an array in another way. */
export const accessChange = reachable(z.strictObject({ storage_name: storageName, ...accessShape }))

/** A request to collect what an array measures, or not. */
export const metricsConfig = z.strictObject({
  array_polling: z.strictObject({
    perf_collection: z.boolean().describe('false: nothing is collected any more.'),
    interval: z.int().min(1).max(604_800).describe('How often, in seconds.'),
    is_historic: z.boolean().describe('Whether to collect once what it has kept from before, too.'),
  }),
})

/** A request for the alerts of an array: all that there are now, or those of a span of time, its ends with it. */
export const alertSpan = z.strictObject({ begin_time: ms('From when on'), end_time: ms('Until when') })

const identified = {
  id: z.string().describe('In this API.'),
  created_at: time('When it was seen first.'),
  updated_at: time('When it last changed; null when it never did.'),
}

export const storage = deviceSchema.extend({
  ...identified,
  sync_status: z.enum(['SYNCED', 'SYNCING']).describe('Whether it is being asked what it consists of.'),
  deleted_at: z.null(),
  deleted: z.literal(false),
})

export const resource = (kind: ResourceKind) =>
  resourceSchemas[kind].extend({ ...identified, storage_id: z.string().describe('Of the array.') })

/** The ways of logging in, as they are shown: without a password. */
const shownWays = Object.fromEntries(
  accessWays.map((way) => [way, accessShape[way].unwrap().omit({ password: true }).nullable().describe('Without the password.')]),
)

export const accessInfo = z.object({
  storage_id: z.string(),
  storage_name: z.string().nullable(),
  vendor: z.string().describe('Of the driver.'),
  model: z.string().describe('Of the driver.'),
  ...shownWays,
  extra_attributes: z.record(z.string(), z.string()).nullable(),
  created_at: identified.created_at,
  updated_at: identified.updated_at,
})

const shownFields = Object.keys(alertSourceSchema.shape).filter((field) => !secretFields.includes(field))

export const alertSource = alertSourceSchema
  .pick(Object.fromEntries(shownFields.map((field) => [field, true])) as { readonly host: true })
  .extend({ storage_id: z.string(), created_at: identified.created_at, updated_at: identified.updated_at })

export const alert = z.object({
  alert_id: z.string(),
  alert_name: z.string(),
  sequence_number: z.union([z.string(), z.number()]).nullable(),
  category: z.string(),
  severity: z.string(),
  type: z.string(),
  location: z.string().nullable(),
  description: z.string().nullable(),
  recovery_advice: z.string().nullable(),
  resource_type: z.string(),
  occur_time: z.number().describe('In milliseconds since the epoch.'),
  match_key: z.string().nullable(),
  storage_id: z.string(),
  storage_name: z.string(),
  vendor: z.string(),
  model: z.string(),
  serial_number: z.string(),
})

export const capabilities = z.object({
  metadata: z.object({ vendor: z.string(), model: z.string() }),
  spec: capabilitiesSchema,
})

export const failure = z.object({
  error_code: z.string().describe('What kind of failure.'),
  error_msg: z.string().describe('What happened.'),
  error_args: z.array(z.string()).describe('What stands in the message, by itself.'),
})
