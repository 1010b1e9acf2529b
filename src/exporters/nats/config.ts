import { templateProblem } from '../../codecs/messages/messages.ts'
import { httpOptions } from '../../http/options.ts'
import { duration, secret, size, z } from '../../sdk.ts'
import type { bodies } from './bodies.ts'

/** The address of a server, without what would let somebody in: that has options of its own, which are never shown. */
const server = z.string().superRefine((text, context) => {
  const problem = serverProblem(text)
  if (problem) context.addIssue({ code: 'custom', message: problem })
})

function serverProblem(text: string): string | undefined {
  const url = URL.parse(text.includes('://') ? text : `nats://${text}`)
  if (!url?.hostname || !['nats:', 'tls:'].includes(url.protocol)) return 'is no address such as nats://127.0.0.1:4222'
  return url.username || url.password ? 'must not hold a user, password or token: put these under auth' : undefined
}

const auth = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('none').describe('Shows nothing.') }),
    z.strictObject({
      type: z.literal('user').describe('User and password.'),
      user: z.string().min(1).describe('User.'),
      password: secret().describe('Password.'),
    }),
    z.strictObject({ type: z.literal('token').describe('A token.'), token: secret().describe('The token.') }),
    z.strictObject({ type: z.literal('nkey').describe('An NKey.'), seed: secret().describe('Its seed, which begins with SU.') }),
    z.strictObject({
      type: z.literal('creds').describe('A JWT with its NKey.'),
      creds: secret().describe('What a `.creds` file holds: `${file:/run/secrets/nats.creds}`.'),
    }),
  ])
  .prefault({ type: 'none' })
  .describe('How to show who sends, by `type`: `none`, `user`, `token`, `nkey` or `creds`.')

const stream = z
  .strictObject({
    name: z
      .string()
      .regex(/^[^\s.*>/\\]+$/, 'must hold no space, dot, asterisk, slash or >')
      .describe('Name of the stream.'),
    subjects: z.array(z.string().min(1)).min(1).describe('Subjects that it keeps, `*` and `>` standing for any.'),
    maxAge: duration().optional().describe('How long messages are kept. Default: as long as there is room.'),
    maxBytes: size().optional().describe('How much is kept; the oldest go first.'),
    duplicateWindow: duration().prefault('2m').describe('How long the server remembers message ids.'),
    replicas: z.int().min(1).max(5).default(1).describe('On how many servers of a cluster it is kept.'),
    storage: z.enum(['file', 'memory']).default('file').describe('Where its messages are kept.'),
  })
  .describe('A stream to make when there is none of that name. One that is there stays as it is.')

/** What stands under `config:`. */
export const config = z.strictObject({
  servers: z.array(server).min(1).default(['nats://127.0.0.1:4222']).describe('Servers of one cluster, any of which will do.'),
  subject: z
    .string()
    .regex(/^[^\s*>]+$/, 'must hold no space, * or >')
    .superRefine((text, context) => {
      const problem = templateProblem(text) ?? (/(^|\.)(\.|$)/.test(text) ? 'has an empty part between its dots' : undefined)
      if (problem) context.addIssue({ code: 'custom', message: problem })
    })
    .default('waybill.{signal}')
    .describe('Where messages go, with {signal}, {name}, {id} and {label.…} of the record in it.'),
  format: z
    .enum(['json', 'jsonl', 'otlp_json', 'otlp_protobuf'] satisfies (keyof typeof bodies)[])
    .default('json')
    .describe('What a message holds: a record as `json`, or several as `jsonl`, `otlp_json`, `otlp_protobuf`.'),
  headers: z
    .record(z.string().regex(/^[!-9;-~]+$/, 'is not the name of a header'), z.string().regex(/^[^\r\n]*$/, 'must be one line'))
    .default({})
    .describe('Headers of every message.'),
  createStream: stream.optional(),
  auth,
  tls: httpOptions.tls
    .unwrap()
    .optional()
    .describe('Speak TLS, and how the server proves who it is. Used anyhow where the server asks for it.'),
  timeout: duration().prefault('5s').describe('A message or connection that is not answered for so long has failed.'),
})

export type Config = z.output<typeof config>
