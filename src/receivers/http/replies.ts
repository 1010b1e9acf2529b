import { type Reply, textReply } from '../../http/index.ts'
import { type ExportResult, rejectedCount } from '../../sdk.ts'

/** A sender that is told nothing else comes again after so long. */
const retryAfterMs = 1000

/**
 * What a sender is told of a request that was handed on. 204 says that everything is accepted, and nothing less does. 429 (there is no
 * room now) and 503 (nobody can take it now) are for the whole request to be sent again; 422 says that it would not help.
 */
export function replyTo(result: ExportResult, count: number): Reply {
  switch (result.status) {
    case 'ok':
      return { status: 204 }
    case 'retry':
      return comeAgain(result.scope === 'destination' ? 503 : 429, result.error.message, result.afterMs)
    case 'too-large':
      return textReply(413, `nothing was taken: ${result.error.message}`)
    case 'reject':
      return textReply(422, `nothing was taken: ${result.error.message}`)
    case 'partial': {
      const { rejected, retry } = result
      if (retry.length > 0) return comeAgain(429, `${retry.length} of ${count} records could not be taken yet`)
      const refused = rejectedCount(rejected)
      return refused === 0
        ? { status: 204 }
        : textReply(422, `${refused} of ${count} records were not taken: ${rejected[0]!.error.message}`)
    }
  }
}

const comeAgain = (status: 429 | 503, why: string, afterMs = retryAfterMs): Reply =>
  textReply(status, `not taken yet: ${why}`, { 'retry-after': String(Math.max(1, Math.ceil(afterMs / 1000))) })
