/** What a failure says of the brokers, and what of the messages. */
import { redact } from '../../http/redact.ts'
import { toError, WaybillError } from '../../sdk.ts'

/** Errors that one of the messages sent together is to blame for (https://kafka.apache.org/protocol#protocol_error_codes). */
const ofMessages = /^(MESSAGE_TOO_LARGE|RECORD_LIST_TOO_LARGE|INVALID_RECORD|INVALID_TIMESTAMP)$/

const credentials = 'check sasl: its type, and the user and password or the token'
const hints: readonly (readonly [RegExp, string])[] = [
  [/SASL|AUTHENTICATION/i, credentials],
  [/AUTHORIZATION_FAILED/, 'let this user write to the topic: kafka-acls --add --allow-principal User:… --producer --topic …'],
  [/UNKNOWN_TOPIC|INVALID_TOPIC|topic .* not (found|exist)/i, 'create the topic, or check topic'],
  [/NOT_ENOUGH_REPLICAS/, 'too few replicas are in step: see that the other brokers are running'],
  [/ECONNREFUSED/, 'see that the broker is running and listens on that port'],
  [/ENOTFOUND|EAI_AGAIN/, 'check the spelling of the host, and advertised.listeners of the brokers'],
  [/certificate|self.signed|altname|issuer/i, 'give the certificate of the brokers’ authority as ca under tls'],
  [/ssl|tls|EPROTO/i, 'see whether the brokers speak TLS on that port, and give tls if they do'],
  [/time(.?|d )out/i, 'see that the brokers can be reached, speak TLS just if tls is given, and are not overloaded; or raise timeout'],
  [/closed|reset|EPIPE/i, 'the connection was cut: the log of the broker should tell why; it may expect TLS or SASL'],
]

/** The error of brokers that cannot be used now, with what to do about it and without a secret. */
export function unavailable(brokers: string, thrown: unknown, secrets: readonly string[]): WaybillError {
  if (thrown instanceof WaybillError) return thrown
  const errors = causesOf(toError(thrown))
  const words = errors.flatMap(({ apiId, code }) => [apiId, code]).filter((word) => typeof word === 'string')
  // The innermost says what has happened; those around it, what it kept from being done.
  const message = redact(errors.findLast((error) => error.message)?.message ?? words[0] ?? 'unknown error', secrets)
  const text = [...words, ...errors.map((error) => error.message)].join(' ')
  const hint = hints.find(([pattern]) => pattern.test(text))?.[1] ?? 'see what the message says; the log of the broker may tell more'
  return new WaybillError('DESTINATION_UNAVAILABLE', `cannot write to ${brokers}: ${message}`, { hint })
}

/** What is wrong with the messages themselves, or with one of them; undefined when it is the brokers. */
export function objection(thrown: unknown, secrets: readonly string[]): Error | undefined {
  const found = causesOf(toError(thrown)).find(({ apiId }) => typeof apiId === 'string' && ofMessages.test(apiId))
  return found && new Error(`the broker refuses it, ${String(found.apiId)}: ${redact(found.message, secrets)}`)
}

type KafkaError = Error & { readonly apiId?: unknown; readonly code?: unknown }

/** An error with all that it holds, the outermost first. */
function causesOf(error: KafkaError): readonly KafkaError[] {
  const inner = [...(error instanceof AggregateError ? error.errors : []), error.cause].filter((cause) => cause instanceof Error)
  return [error, ...inner.flatMap((cause) => causesOf(cause as KafkaError))]
}
