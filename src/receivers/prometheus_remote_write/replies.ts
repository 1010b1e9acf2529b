import type { DecodedRequest } from '../../codecs/remote-write/remote-write.ts'
import { type Reply, textReply } from '../../http/index.ts'
import { type ExportResult, isExponentialHistogram, isHistogram, type Point, rejectedCount } from '../../sdk.ts'

/** A sender that is told nothing else comes again after so long. */
const retryAfterMs = 1000

/**
 * What a sender is told of a request that was handed on. 204 says that everything is accepted, and nothing less does. What may be accepted
 * later is 503, of which it keeps the whole request and sends it again; never 429, at which it may let go. 400 says that the rest never
 * will be, and the headers how much was.
 */
export function replyTo(result: ExportResult, { points, samples, histograms, exemplars, invalid }: DecodedRequest): Reply {
  if (result.status === 'retry') return comeAgain(result.error, result.afterMs)
  if (result.status === 'too-large') return textReply(413, result.error.message)
  if (result.status === 'reject') return textReply(400, `not taken: ${result.error.message}`, written(0, 0, 0))
  if (result.status === 'ok')
    return invalid
      ? partly(invalid, written(samples, histograms, exemplars))
      : { status: 204, headers: written(samples, histograms, exemplars) }
  if (result.retry.length > 0) return comeAgain(new Error(`${result.retry.length} of ${points.length} points could not be taken yet`))
  const count = rejectedCount(result.rejected)
  const refused = result.rejected.filter((r) => 'index' in r && isNative(points[r.index]!)).length
  const headers = written(samples - (count - refused), histograms - refused, 0)
  return partly({ count: count + (invalid?.count ?? 0), error: result.rejected[0]!.error }, headers)
}

const comeAgain = (error: Error, afterMs = retryAfterMs): Reply =>
  textReply(503, `not taken yet: ${error.message}`, { 'retry-after': String(Math.max(1, Math.ceil(afterMs / 1000))) })

const partly = ({ count, error }: { readonly count: number; readonly error: Error }, headers: Record<string, string>): Reply =>
  textReply(400, `${count} samples were not taken: ${error.message}`, headers)

const isNative = ({ value }: Point): boolean => isExponentialHistogram(value) || isHistogram(value)

const written = (samples: number, histograms: number, exemplars: number): Record<string, string> => ({
  'x-prometheus-remote-write-samples-written': String(Math.max(0, samples)),
  'x-prometheus-remote-write-histograms-written': String(Math.max(0, histograms)),
  'x-prometheus-remote-write-exemplars-written': String(exemplars),
})
