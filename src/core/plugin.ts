import type { Batch, BatchOf, Signal } from './batch.ts'
import type { Clock } from './clock.ts'
import type { EventExporter } from './exporter.ts'
import type { Log } from './log.ts'
import type { ExportSource, Processor, Receiver } from './source.ts'

/** The version of what plugins and the agent agree on; a plugin of another major version is refused when it is loaded. */
export const apiVersion = 1

/** What a plugin may use of the world. */
export interface Host {
  /** Imports a package that is not installed with Waybill, or fails with the command that installs it. */
  load<Module = unknown>(packageName: string): Promise<Module>
  readonly clock: Clock
  random(): number
  readonly fetch: typeof globalThis.fetch
  readonly log: Log
  /** The folder for what the agent keeps; plugins make subfolders as they need them. */
  readonly dataDir: string
}

/** A schema as far as the core needs to know it: zod's have this form. */
export interface ConfigSchema<Config> {
  /** The checked value with its defaults; throws when it is not of the schema. */
  parse(value: unknown): Config
}

/** How much a plugin may still change. */
export type Stability = 'stable' | 'beta' | 'experimental'

/** What a plugin's `create` is given. */
export interface Create<Config> {
  /** The instance's name. */
  readonly name: string
  readonly config: Config
  readonly host: Host
}

/** How an exporter delivers, for people who compare destinations: a few words each. */
export interface DeliveryTraits {
  /** What records are sent as. */
  readonly formats: string
  readonly compression: string
  readonly authentication: string
  /** In which order records arrive. */
  readonly order: string
  /** What becomes of records that are sent twice. */
  readonly repeats: string
  /** How large a request may be, and what becomes of a larger batch. */
  readonly limits: string
  /** Against what it is tested. */
  readonly tested: string
}

interface OfExporters {
  readonly traits?: DeliveryTraits
  /**
   * The destination wants the points of a series in the order of their times: exports that run beside each other have none in common.
   * `all`: it wants more than that, and they never do.
   */
  readonly ordered?: 'per-series' | 'all'
}

interface Described<Config> {
  /** Its name in `type:`, kebab-case or snake_case. */
  readonly type: string
  /** One sentence. */
  readonly summary: string
  /** Default: experimental. */
  readonly stability?: Stability
  /** Packages that it loads, with the version range that it works with: `{ pg: '^8' }`. */
  readonly requires?: Readonly<Record<string, string>>
  /** What stands under `config:`; absent when there is nothing to set. */
  readonly config?: ConfigSchema<Config>
}

/** A plugin as the agent sees it, made by one of the `define` functions. */
export interface Plugin<Kind extends PluginKind = PluginKind, Made = unknown> extends Described<unknown> {
  readonly kind: Kind
  readonly apiVersion: number
  readonly stability: Stability
  readonly signals: readonly Signal[]
  create(options: Create<never>): Made
}

export type PluginKind = 'source' | 'receiver' | 'processor' | 'exporter'

export type ExporterPlugin = Plugin<'exporter', EventExporter<Batch>> & OfExporters
export type SourcePlugin = Plugin<'source', ExportSource<Batch>>
export type ReceiverPlugin = Plugin<'receiver', Receiver>
export type ProcessorPlugin = Plugin<'processor', Processor>
export type AnyPlugin = ExporterPlugin | SourcePlugin | ReceiverPlugin | ProcessorPlugin

type Define<Config, S extends Signal, Made> = Described<Config> & {
  /** What it takes, or gives. */
  readonly signals: readonly S[]
  create(options: Create<Config>): Made
}

/** Defines an exporter; `export` is only called with batches of the signals named. */
export const defineExporter = <Config = undefined, S extends Signal = Signal>(
  plugin: Define<Config, S, EventExporter<BatchOf<S>>> & OfExporters,
): ExporterPlugin => define('exporter', plugin) as ExporterPlugin

/** Defines a source, which the agent asks for a batch every interval. */
export const defineSource = <Config = undefined, S extends Signal = Signal>(
  plugin: Define<Config, S, ExportSource<BatchOf<S>>>,
): SourcePlugin => define('source', plugin) as SourcePlugin

/** Defines a receiver, which listens and hands on what others send. */
export const defineReceiver = <Config = undefined, S extends Signal = Signal>(plugin: Define<Config, S, Receiver>): ReceiverPlugin =>
  define('receiver', plugin) as ReceiverPlugin

/** Defines a processor, which changes batches on their way; batches of other signals pass by it. */
export const defineProcessor = <Config = undefined, S extends Signal = Signal>(plugin: Define<Config, S, Processor>): ProcessorPlugin =>
  define('processor', plugin) as ProcessorPlugin

function define(kind: PluginKind, plugin: object): object {
  return Object.freeze({ stability: 'experimental', ...plugin, kind, apiVersion })
}
