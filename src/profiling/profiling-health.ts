/** Whether a `ProfilingExporter` can do its work. */
export class ProfilingHealth {
  readonly #healthy: boolean
  /** Why not, where that is known. */
  readonly errorMessage: string | undefined

  private constructor(healthy: boolean, errorMessage?: string) {
    this.#healthy = healthy
    this.errorMessage = errorMessage
  }

  isHealthy(): boolean {
    return this.#healthy
  }

  static healthy(): ProfilingHealth {
    return new ProfilingHealth(true)
  }

  static unhealthy(message?: string): ProfilingHealth {
    return new ProfilingHealth(false, message)
  }
}
