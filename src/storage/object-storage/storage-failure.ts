import { redact } from '../../http/redact.ts'
import { unreachable } from '../../http/unavailable.ts'
import { WaybillError } from '../../sdk.ts'
import type { Answer, ObjectStore } from './object-store.ts'

/** The service did not do what it was asked, or did not answer. Neither message nor hint holds a secret. */
export class StorageFailure extends WaybillError {
  /** Of HTTP; undefined where no answer was had. */
  readonly status: number | undefined
  /** How long the service asked to be left alone: seconds, or a date of HTTP. */
  readonly retryAfter: string | undefined

  constructor(message: string, hint: string, { status, retryAfter }: Pick<Answer, 'status' | 'retryAfter'>) {
    super('DESTINATION_UNAVAILABLE', message, { hint })
    this.status = status
    this.retryAfter = retryAfter
  }
}

/** Tells what `error`, thrown by the client of a service or in place of it, means for its user. */
export function storageFailure(store: ObjectStore, error: Error): WaybillError {
  const answer = store.answerIn(error)
  const { status, code } = answer
  const message = redact(answer.message, store.secrets)
  const hint = store.hint(answer)
  if (status === undefined) {
    const why = unreachable(store.location, Object.assign(new Error(message), { code }))
    return new StorageFailure(why.message, hint ?? why.hint!, answer)
  }
  const said = [code, message].filter((part) => part !== '').join(': ')
  return new StorageFailure(`${store.location} answered ${status}${said && ` ${said}`}`, hint ?? hintFor(answer), answer)
}

/** What an answer means from any service. */
function hintFor({ status = 0 }: Answer): string {
  if (status === 401) return 'check the credentials, and the clock of this machine'
  if (status === 404) return 'check the name, and create it if it is not there'
  if (status === 413) return 'send smaller batches'
  if (status === 429 || status === 503) return 'the service asks for fewer requests: let more records share a file'
  return status >= 500
    ? 'the service has a problem of its own: its status page may tell'
    : 'see what the service says, and its documentation'
}
