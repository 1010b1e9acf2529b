import { type AnyPlugin, type ConfigSchema, type Create, defineExporter, WaybillError, z } from '../../sdk.ts'
import { DispatchExporter, type Dispatching } from './dispatch-exporter.ts'

/** A class with a `dispatch`. It is made with what every plugin is made with: its name, its settings and the host. */
export interface DispatchClass {
  readonly name: string
  new (given: Create<unknown>): Dispatching
  /** What stands under `config:`, as a schema of zod. Default: anything. */
  readonly config?: ConfigSchema<unknown>
}

/** Whether a class takes metrics, alerts or both tells the beginning of its name. */
const signalsOf = (className: string): readonly ('metrics' | 'alerts')[] => {
  if (className.startsWith('PerformanceExporter')) return ['metrics']
  return className.startsWith('AlertExporter') ? ['alerts'] : ['metrics', 'alerts']
}

/** A class as a plugin of which the class name is the type: so it has the buffer, the retries and the books of every other exporter. */
export const dispatchPlugin = (given: DispatchClass): AnyPlugin =>
  defineExporter({
    type: given.name,
    summary: `Hands arrays’ data to the dispatch of ${given.name}.`,
    signals: signalsOf(given.name),
    config: given.config ?? z.record(z.string(), z.unknown()).default({}),
    create: (options) => new DispatchExporter(options.name, made(given, options), options.host.log),
  })

/** The classes with a `dispatch` that a module exports, as plugins; none when there are none. */
export const dispatchPlugins = (module: Readonly<Record<string, unknown>>): AnyPlugin[] =>
  [...new Set(Object.values(module).filter(isDispatchClass))].map(dispatchPlugin)

/** Whether it is a class with a `dispatch`. */
export const isDispatchClass = (value: unknown): value is DispatchClass =>
  typeof value === 'function' && value.name !== '' && typeof (value.prototype as Partial<Dispatching> | undefined)?.dispatch === 'function'

function made(given: DispatchClass, options: Create<unknown>): Dispatching {
  try {
    return new given(options)
  } catch (cause) {
    throw new WaybillError('PLUGIN_INVALID', `${given.name} cannot be made: ${cause instanceof Error ? cause.message : String(cause)}`, {
      hint: 'its constructor is given { name, config, host }',
      cause,
    })
  }
}
