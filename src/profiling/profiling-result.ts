import { toError } from '../core/result.ts'

interface Failed {
  readonly responseTimeMs?: number
  /** What was taken all the same. */
  readonly exportedCount?: number
}

/** What became of a call of a `ProfilingExporter`. */
export class ProfilingResult {
  readonly success: boolean
  /** Fields of a profile, or traces, that were taken. */
  readonly exportedCount: number
  readonly responseTimeMs: number | undefined
  /** Why not everything was taken; undefined when it was. */
  readonly error: Error | undefined

  private constructor(exportedCount: number, responseTimeMs: number | undefined, error?: Error) {
    this.success = error === undefined
    this.exportedCount = exportedCount
    this.responseTimeMs = responseTimeMs
    this.error = error
  }

  get errorMessage(): string | undefined {
    return this.error?.message
  }

  static success(exportedCount: number, responseTimeMs?: number): ProfilingResult {
    return new ProfilingResult(exportedCount, responseTimeMs)
  }

  /** `error` may be whatever was thrown. */
  static failure(error: unknown, { responseTimeMs, exportedCount = 0 }: Failed = {}): ProfilingResult {
    return new ProfilingResult(exportedCount, responseTimeMs, toError(error))
  }
}
