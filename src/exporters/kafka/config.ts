import { templateProblem } from '../../codecs/messages/messages.ts'
import { httpOptions } from '../../http/options.ts'
import { duration, secret, size, z } from '../../sdk.ts'
import type { bodies } from './bodies.ts'

const template = () =>
  z
    .string()
    .min(1)
    .superRefine((text, context) => {
      const problem = templateProblem(text)
      if (problem) context.addIssue({ code: 'custom', message: problem })
    })

const password = () => ({ username: z.string().min(1).describe('User.'), password: secret().describe('Password.') })

const sasl = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('none').describe('Shows nothing.') }),
    z.strictObject({ type: z.literal('plain').describe('PLAIN, which is only for TLS.'), ...password() }),
    z.strictObject({ type: z.literal('scram_sha_256').describe('SCRAM-SHA-256.'), ...password() }),
    z.strictObject({ type: z.literal('scram_sha_512').describe('SCRAM-SHA-512.'), ...password() }),
    z.strictObject({ type: z.literal('oauthbearer').describe('OAUTHBEARER.'), token: secret().describe('The token.') }),
  ])
  .prefault({ type: 'none' })
  .describe('How to show who sends, by `type`: `none`, `plain`, `scram_sha_256`, `scram_sha_512` or `oauthbearer`.')

/** What stands under `config:`. */
export const config = z.strictObject({
  brokers: z
    .array(z.string().regex(/^(\[[\da-fA-F:.]+\]|[^\s:/@]+):\d{1,5}$/, 'is no host:port'))
    .min(1)
    .default(['localhost:9092'])
    .describe('Brokers to ask for the others, as host:port.'),
  topic: template()
    .regex(/^([\w.-]|\{[^{}]*\})*$/, 'may hold letters, digits, dots, hyphens and underscores')
    .default('waybill-{signal}')
    .describe('Topic, with {signal}, {name}, {id} and {label.…} of the record in it.'),
  key: template()
    .or(z.literal(''))
    .default('{id}')
    .describe('Key, which chooses the partition: the same for a series, trace or alert by default. Empty: none, partitions take turns.'),
  format: z
    .enum(['json', 'jsonl', 'otlp_json', 'otlp_protobuf', 'metric_arrays'] satisfies (keyof typeof bodies)[])
    .default('json')
    .describe(
      'What a message holds: a record as `json`, or all of one topic and key as `jsonl`, `otlp_json`, `otlp_protobuf`, `metric_arrays`.',
    ),
  headers: z.record(z.string().min(1), z.string()).default({}).describe('Headers of every message.'),
  idHeader: z
    .string()
    .default('')
    .describe('Header that tells readers which messages they have already: the same for every try of one. Empty: none.'),
  compression: z
    .enum(['none', 'gzip', 'snappy', 'lz4', 'zstd'])
    .default('none')
    .describe('How messages for a partition are packed together.'),
  maxMessageBytes: size()
    .refine((bytes) => bytes >= 1024, 'must not be less than 1 KiB')
    .prefault('900KiB')
    .describe('At most so much, before it is packed, goes to a partition at once. Not above `max.message.bytes` of the topic.'),
  autocreateTopics: z.boolean().default(true).describe('Ask for a topic that is not there to be made, which the brokers need not do.'),
  clientId: z.string().min(1).default('waybill').describe('How brokers name this client in their logs and quotas.'),
  sasl,
  tls: httpOptions.tls.unwrap().optional().describe('Speak TLS, and how the brokers prove who they are.'),
  timeout: duration().prefault('10s').describe('A request or connection that is not answered for so long has failed.'),
})

export type Config = z.output<typeof config>
