import type { ExportResult } from '../core/result.ts'

/** Values by name, as a monitor measured them at one time. */
export type Metrics = Readonly<Record<string, number>>

/** What an export answers: the result, or nothing where all went well. */
// biome-ignore lint/suspicious/noConfusingVoidType: a subclass may leave out the return, as the tutorial does.
export type Exported = ExportResult | void

/**
 * What one's own exporters extend. Only `export` has to be written; what it throws counts as `retry`, is logged by the registry and
 * stops no other exporter.
 */
export abstract class BaseExporter<Config extends object = Readonly<Record<string, unknown>>> {
  readonly config: Config
  /** Whether the registry gives it anything. */
  enabled = true

  constructor(config: Config = {} as Config) {
    this.config = config
  }

  /** The name of its class. */
  get name(): string {
    return this.constructor.name
  }

  /** Where the data goes, for people: a path or an address, never with a secret in it. */
  get destination(): string | undefined {
    return undefined
  }

  /** Exports what holds at a time in Unix seconds, which may have a fraction. Must not change or keep `metrics`. */
  abstract export(metrics: Metrics, unixSeconds: number): Promise<Exported> | Exported

  /** Opens what it needs; throws when it cannot. */
  start(): Promise<void> | void {}

  /** Gives back what it opened. May be called twice, and without a start. */
  stop(): Promise<void> | void {}
}
