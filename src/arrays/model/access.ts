/** How an array is reached and logged in to, and who may send traps of it. Fields have the names of the REST API. */
import { z } from '../../sdk.ts'
import * as values from './values.ts'

const word = (description: string) => z.string().min(1).max(255).describe(description)
const host = z
  .string()
  .regex(/^[a-zA-Z0-9-_.:]*$/)
  .describe('Name or address of the array.')
const port = z.int().min(0).max(65_535).describe('The port there.')
const login = { host, port, username: word('Who logs in.'), password: word('What shows it.') }

const restSchema = z.strictObject(login)
const sshSchema = z.strictObject({
  ...login,
  pub_key: z.string().min(1).max(4096).optional().describe('The public key of the array.'),
  pub_key_type: z
    .enum(['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa', 'ssh-dss'])
    .optional()
    .describe('What kind of key.'),
})
const smisSchema = z.strictObject({ ...login, namespace: word('Where in its tree of objects.').optional() })

/** The ways of logging in, and settings of the driver’s own; at least one way is given. */
export const accessShape = {
  rest: restSchema.optional().describe('Over HTTP.'),
  ssh: sshSchema.optional().describe('With a shell.'),
  cli: restSchema.optional().describe('With a command of the maker.'),
  smis: smisSchema.optional().describe('By SMI-S.'),
  extra_attributes: z.record(z.string().min(1), z.string()).optional().describe('What else the driver wants to know.'),
}

const accessSchema = z.strictObject(accessShape)
export const accessWays = ['rest', 'ssh', 'cli', 'smis'] as const

/** How an array is logged in to, with the passwords. */
export type ArrayAccess = z.infer<typeof accessSchema>

const given = <T extends z.ZodType>(schema: T) => schema.nullish()
const key = (description: string) => given(z.string().min(8).max(255)).describe(description)

/** Who may send traps of an array. */
export const alertSourceSchema = z.strictObject({
  host: z.string().min(1).max(255).describe('Addresses that traps come from, with commas between.'),
  version: z.enum(values.snmpVersions).describe('Of SNMP.'),
  community_string: given(word('')).describe('What shows it, of versions 1 and 2c.'),
  username: given(word('')).describe('Who sends them, of version 3.'),
  security_level: given(z.enum(values.securityLevels)).describe('Whether they are signed and encrypted, of version 3.'),
  auth_protocol: given(z.enum(values.authProtocols)).describe('How they are signed.'),
  auth_key: key('What they are signed with.'),
  privacy_protocol: given(z.enum(values.privacyProtocols)).describe('How they are encrypted.'),
  privacy_key: key('What they are encrypted with.'),
  engine_id: given(z.string().regex(/^[0-9a-fA-F]{9,64}$/)).describe('Of whoever sends, in hexadecimal.'),
  context_name: given(z.string().max(255)).describe('Of whoever sends.'),
  retry_num: given(z.int().min(0)).describe('How often to ask again.'),
  expiration: given(z.int().min(0)).describe('How long to wait for an answer, in seconds.'),
  port: given(z.int().min(1).max(65_535)).describe('Where it is asked.'),
})

/** Who may send traps of an array, with what shows it. */
export type AlertSource = z.infer<typeof alertSourceSchema>

/** Fields that are never shown, whatever they are a part of. */
export const secretFields: readonly string[] = ['password', 'community_string', 'auth_key', 'privacy_key']
