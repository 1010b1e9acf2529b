import type { Context } from '../core/context.ts'
import { WaybillError } from '../core/errors.ts'
import type { Exporter } from '../core/exporter.ts'
import { type ExportResult, errorOf, toError } from '../core/result.ts'
import { attempt } from './attempt.ts'

/** Makes an exporter of one type. Throws when the settings are wrong. */
export type ExporterFactory<Time, T, Config = unknown> = (name: string, config: Config) => Exporter<Time, T>

interface Entry<Time, T> {
  readonly type: string
  readonly exporter: Exporter<Time, T>
  enabled: boolean
}

/** What went wrong, by the names of the exporters. Empty when nothing did. */
export type Failures = ReadonlyMap<string, Error>

/** Exporters by name, made by types that were registered. What one of them fails at stops none of the others, and is told. */
export class ExporterRegistry<Time, T> {
  readonly #factories = new Map<string, ExporterFactory<Time, T>>()
  readonly #entries = new Map<string, Entry<Time, T>>()

  /** Registers a type; a second registration replaces the first for what is created from then on. */
  register<Config = unknown>(type: string, factory: ExporterFactory<Time, T, Config>): void {
    this.#factories.set(type, factory as ExporterFactory<Time, T>)
  }

  /** The registered types, sorted. */
  types(): string[] {
    return [...this.#factories.keys()].sort()
  }

  /**
   * Makes an exporter of that type and keeps it under that name, enabled and not started. Throws WaybillError
   * `UNKNOWN_EXPORTER_TYPE` or `DUPLICATE_NAME`, and what the factory throws.
   */
  create(name: string, type: string, config?: unknown): Exporter<Time, T> {
    const factory = this.#factories.get(type)
    if (!factory)
      throw new WaybillError('UNKNOWN_EXPORTER_TYPE', `Unknown exporter type: ${type}`, { hint: `known are ${this.types().join(', ')}` })
    if (this.#entries.has(name))
      throw new WaybillError('DUPLICATE_NAME', `there is an exporter named ${name} already`, { hint: 'give each its own name' })
    const exporter = factory(name, config)
    this.#entries.set(name, { type, exporter, enabled: true })
    return exporter
  }

  /** The exporter of that name; undefined when there is none. */
  get(name: string): Exporter<Time, T> | undefined {
    return this.#entries.get(name)?.exporter
  }

  /** Names in the order in which they were created. */
  names(): string[] {
    return [...this.#entries.keys()]
  }

  /** The type of that exporter; undefined when there is none. */
  typeOf(name: string): string | undefined {
    return this.#entries.get(name)?.type
  }

  isEnabled(name: string): boolean {
    return this.#entries.get(name)?.enabled ?? false
  }

  /** Lets `exportToAll` reach it, or pass it by. False when there is no such exporter. */
  enable(name: string, enabled = true): boolean {
    const entry = this.#entries.get(name)
    if (entry) entry.enabled = enabled
    return entry !== undefined
  }

  disable(name: string): boolean {
    return this.enable(name, false)
  }

  /** Forgets it, without stopping it. False when there is no such exporter. */
  remove(name: string): boolean {
    return this.#entries.delete(name)
  }

  startAll(context: Context): Promise<Failures> {
    return this.#each(this.names(), context, 'could not be started', (exporter) => exporter.start?.(context))
  }

  flushAll(context: Context): Promise<Failures> {
    return this.#each(this.names(), context, 'could not be flushed', (exporter) => exporter.flush?.(context))
  }

  /** Stops all at once, or those of `names`. */
  stopAll(context: Context, names: readonly string[] = this.names()): Promise<Failures> {
    return this.#each(names, context, 'could not be stopped cleanly', (exporter) => exporter.stop?.(context))
  }

  /** Gives the data to every enabled exporter at once; the results by name. */
  async exportToAll(time: Time, data: T, context: Context): Promise<ReadonlyMap<string, ExportResult>> {
    const enabled = [...this.#entries].filter(([, entry]) => entry.enabled)
    const results = await Promise.all(
      enabled.map(async ([name, { exporter }]) => [name, await attempt(exporter, time, data, context)] as const),
    )
    for (const [name, result] of results) {
      const error = errorOf(result)
      if (error) context.log.warn('not everything was taken', { exporter: name, error })
    }
    return new Map(results)
  }

  async #each(
    names: readonly string[],
    { log }: Context,
    trouble: string,
    act: (exporter: Exporter<Time, T>) => Promise<void> | undefined,
  ): Promise<Failures> {
    const failures = new Map<string, Error>()
    await Promise.all(
      names.map(async (name) => {
        const entry = this.#entries.get(name)
        try {
          if (entry) await act(entry.exporter)
        } catch (thrown) {
          failures.set(name, toError(thrown))
          log.error(trouble, { exporter: name, error: toError(thrown) })
        }
      }),
    )
    return failures
  }
}
