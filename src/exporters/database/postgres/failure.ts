/** What a failure says of the server, and what of a record. Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
import { redact } from '../../../http/redact.ts'
import { toError, WaybillError } from '../../../sdk.ts'

/** Of data that is no such value, that a constraint is against, that a trigger has refused, or that is too large for an index. */
const ofRecord = /^(21|22|23|44|54|P0001)/
/** Somebody has removed the series to which points were about to be added. */
const foreignKey = '23503'

const overloaded = 'the server is tried again; free some space, connections or memory there, or lower pool_size and max_overflow'
const credentials = 'check the user and the password in connection_string, and pg_hba.conf on the server'

/** By the code of an error, or how it begins. */
const hints: readonly (readonly [RegExp, string])[] = [
  [/^28/, credentials],
  [/^3D000$/, 'create the database, or check its name in connection_string'],
  [/^3F000$/, 'create the schema that search_path names'],
  [/^42501$/, 'let this user write to the tables, and make them: GRANT CREATE, USAGE ON SCHEMA …'],
  [/^25006$/, 'the server is a copy that only reads: connect to the one that is written to'],
  [/^42P10$/, 'add a primary key or unique index on those columns, or choose another table_name'],
  [/^2BP01$/, 'drop what was built upon the view, and it is made anew'],
  [/^(42|23503)/, 'the table was changed meanwhile: it is looked at again'],
  [/^53/, overloaded],
  [/^57P0/, 'the server is going down or coming up: it is tried again'],
  [/^(ECONNREFUSED|ENOENT)$/, 'see that PostgreSQL is running and listens there'],
  [/^(ENOTFOUND|EAI_)/, 'check the spelling of the host in connection_string'],
  [/(SELF_SIGNED|UNABLE_TO_|ALTNAME)/, 'give the certificate of the server’s authority as ca under tls, and see that the host is in it'],
]

/** The error of a server that cannot be used now, with what to do about it and without the password. */
export function unavailable(location: string, password: string | undefined, thrown: unknown): WaybillError {
  if (thrown instanceof WaybillError) return thrown
  const error = toError(thrown)
  const code = codeOf(error)
  const said = error instanceof AggregateError ? error.errors.map((inner: Error) => inner.message).join(', ') : error.message
  const message = redact(said || code, password === undefined ? [] : [password])
  const hint = hints.find(([pattern]) => pattern.test(code))?.[1] ?? hintOf(message)
  return new WaybillError('DESTINATION_UNAVAILABLE', `cannot write to ${location}: ${message}`, { hint })
}

/** Of errors that have no code. */
function hintOf(message: string): string {
  if (/SASL|password/i.test(message)) return credentials
  if (/SSL/.test(message)) return 'the server speaks no TLS: set it up there, or say sslmode=disable in connection_string'
  if (/time(d)? ?out/i.test(message)) return 'see that the server can be reached and is not overloaded, or raise connect_timeout'
  return 'see what the message says of the server; its log may tell more'
}

/** Whether it is one record among those written that cannot be: alone, the others are taken. */
export const isOfRecord = (thrown: unknown): boolean => ofRecord.test(codeOf(thrown)) && codeOf(thrown) !== foreignKey

/** Whether what is known of the tables may no longer hold. */
export const isOfSchema = (thrown: unknown): boolean => codeOf(thrown) === foreignKey || /^42/.test(codeOf(thrown))

const codeOf = (thrown: unknown): string => {
  const { code } = thrown as { code?: unknown }
  return typeof code === 'string' ? code : ''
}
