import { redact } from '../../http/redact.ts'
import { type Context, orAborted, toError, WaybillError } from '../../sdk.ts'
import { ArrayRefusal } from '../driver.ts'
import { ArrayFailure, type FailureCode } from '../model/failures.ts'

export interface Asking {
  readonly context: Context
  /** No longer is waited for an answer. */
  readonly withinMs: number
  /** What no message may tell. */
  readonly secrets?: readonly string[]
  /** What it is when the array cannot do it. Default: `StorageBackendException`. */
  readonly failure?: FailureCode
}

/** What an array answers. Rejects with ArrayFailure where it refuses, fails or takes too long. */
export async function ask<R>(question: (context: Context) => Promise<R>, { context, withinMs, secrets = [], failure }: Asking): Promise<R> {
  const ending = new AbortController()
  const signal = AbortSignal.any([context.signal, ending.signal])
  void context.clock.sleep(withinMs, signal).then(() => ending.abort())
  try {
    const answer = await orAborted(
      question({ ...context, signal }).then((value) => ({ value })),
      signal,
    )
    if (!answer) throw new ArrayFailure('ConnectTimeout')
    return answer.value
  } catch (thrown) {
    throw failureOf(toError(thrown), secrets, failure)
  } finally {
    ending.abort()
  }
}

function failureOf(cause: Error, secrets: readonly string[], failure: FailureCode = 'StorageBackendException'): ArrayFailure {
  if (cause instanceof ArrayFailure) return cause
  if (cause instanceof ArrayRefusal) return new ArrayFailure(refusals[cause.reason], [], { cause })
  const { hint } = cause as Partial<WaybillError>
  const told = redact(hint ? `${cause.message}; ${hint}` : cause.message, secrets).replace(/\.$/, '')
  const mendable = cause instanceof WaybillError && cause.code === 'INVALID_OPTION'
  return mendable ? new ArrayFailure('InvalidInput', [told], { cause }) : new ArrayFailure(failure, [told], { cause })
}

const refusals = {
  credentials: 'InvalidUsernameOrPassword',
  'not-authorized': 'NotAuthorized',
  'no-answer': 'ConnectTimeout',
} as const satisfies Readonly<Record<ArrayRefusal['reason'], FailureCode>>
