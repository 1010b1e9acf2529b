/**
 * What became of data handed to an exporter. Plain data, never a class and never thrown: a plugin may carry its own
 * copy of the SDK, and `instanceof` does not cross copies.
 */
export type ExportResult = Outcome & {
  /** Name of the exporter that took the data, where it was not the one first asked. */
  readonly via?: string
  /** The result of each child of a fan-out, by name. */
  readonly children?: Readonly<Record<string, ExportResult>>
}

export type Outcome =
  | { readonly status: 'ok' }
  /** May succeed later. `destination`: nothing is wrong with the data, everything else would fail too. */
  | { readonly status: 'retry'; readonly error: Error; readonly afterMs?: number; readonly scope?: 'batch' | 'destination' }
  /** This data never will. */
  | { readonly status: 'reject'; readonly error: Error }
  /** In smaller pieces it will. */
  | { readonly status: 'too-large'; readonly error: Error }
  /** Some of it: what is named in neither list was delivered. Indexes are into the data, disjoint and in range. */
  | { readonly status: 'partial'; readonly rejected: readonly Rejection[]; readonly retry: readonly number[] }

/** Records that a destination refused for good: which one, or only how many where it does not tell. */
export type Rejection = { readonly index: number; readonly error: Error } | { readonly count: number; readonly error: Error }

export const ok: ExportResult = { status: 'ok' }

export interface RetryOptions {
  /** How long the destination asked to be left alone. */
  readonly afterMs?: number
  readonly scope?: 'batch' | 'destination'
}

export const retry = (error: Error, options: RetryOptions = {}): ExportResult => ({ status: 'retry', error, ...options })
export const reject = (error: Error): ExportResult => ({ status: 'reject', error })
export const tooLarge = (error: Error): ExportResult => ({ status: 'too-large', error })
export const partial = (rejected: readonly Rejection[], retry: readonly number[] = []): ExportResult => ({
  status: 'partial',
  rejected,
  retry,
})

/** The one place where a thrown value becomes a result. Unknown failures are worth another try. */
export const fromThrown = (thrown: unknown): ExportResult => retry(toError(thrown))

/** A thrown value as an Error, whatever was thrown. */
export const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)))

/** How many records a list of rejections speaks of. */
export const rejectedCount = (rejected: readonly Rejection[]): number => rejected.reduce((sum, r) => sum + ('count' in r ? r.count : 1), 0)

/** The error that tells best why `result` is not `ok`; undefined when it is. */
export function errorOf(result: ExportResult): Error | undefined {
  if (result.status === 'ok') return undefined
  if (result.status !== 'partial') return result.error
  return result.rejected[0]?.error ?? new Error(`${result.retry.length} records were not taken yet`)
}
