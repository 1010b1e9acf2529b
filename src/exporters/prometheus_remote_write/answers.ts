import type { EncodedRequest, RemoteWriteVersion } from '../../codecs/remote-write/remote-write.ts'
import type { Advice, Answer } from '../../http/index.ts'
import { type ExportResult, ok, retry } from '../../sdk.ts'

/** The specification: 429 and every 5xx are worth another try, no other 4xx is. */
export const retryOnStatusCodes: readonly number[] = [429, ...Array.from({ length: 100 }, (_, index) => 500 + index)]

export const advice: Advice = {
  401: 'check the credentials under auth or headers',
  403: 'see what the credentials under auth or headers allow',
  404: 'check the path of url; Prometheus takes remote writes only with --web.enable-remote-write-receiver',
  415: 'the server does not speak this version of the protocol: set version to the other',
}

/**
 * Answers that tell of the server and not of the data: one that does not speak the version says so, or takes the request without a word
 * of what it wrote, since to version 1 a request of version 2 is an empty one.
 */
export function interpreted(version: RemoteWriteVersion) {
  return ({ status, headers }: Answer, usual: ExportResult): ExportResult => {
    if (status === 415 && 'error' in usual) return retry(usual.error, { scope: 'destination' })
    const tells = kinds.some((kind) => headers[headerOf(kind)] !== undefined)
    return usual.status === 'ok' && version === 2 && !tells ? retry(notRead, { scope: 'destination' }) : usual
  }
}

export interface Sent extends Pick<EncodedRequest, 'samples' | 'histograms'> {
  /** How many points these are of. */
  readonly points: number
}

/** What an answer says of the points of a request: in version 2 a server tells how much it has written, though not which. */
export function written({ headers }: Answer, { samples, histograms, points }: Sent, result: ExportResult): ExportResult {
  if (result.status !== 'ok' && result.status !== 'reject') return result
  const told = kinds.map((kind) => headers[headerOf(kind)])
  if (told.every((header) => header === undefined)) return result
  const [all, taken] = [samples + histograms, told.reduce((sum, header) => sum + countOf(header), 0)]
  const missing = Math.min(points, all - taken)
  if (result.status === 'reject') return taken === 0 ? result : refused(Math.max(1, missing), result.error)
  return missing > 0 ? refused(missing, new Error(`the server has written only ${taken} of ${all} samples, and does not say why`)) : ok
}

const kinds = ['samples', 'histograms'] as const

const headerOf = (kind: (typeof kinds)[number]): string => `x-prometheus-remote-write-${kind}-written`

/** Nothing where there is no such header, or no count in it. */
function countOf(header: string | string[] | undefined): number {
  const count = Number(header ?? 0)
  return Number.isSafeInteger(count) && count >= 0 ? count : 0
}

const refused = (count: number, error: Error): ExportResult => ({ status: 'partial', rejected: [{ count, error }], retry: [] })

const notRead = new Error('the server took the request and does not tell what it wrote, so it does not speak version 2: set version to 1')
