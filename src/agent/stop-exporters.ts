import type { Context } from '../core/context.ts'
import type { LoadedConfig } from './config/load.ts'
import { passesTo } from './config/references.ts'
import { stopQuietly } from './inputs.ts'
import type { Instances } from './instances.ts'
import { stopOrder } from './stop-order.ts'

/** What was made of a configuration. */
export interface Made {
  readonly config: LoadedConfig
  readonly instances: Instances
}

/** Stops exporters and processors that are not among `but`: those that may pass records on to others before these. */
export async function stopExporters({ config, instances }: Made, context: Context, but: ReadonlySet<unknown> = new Set()): Promise<void> {
  const { exporters, processors } = instances
  const passing = config.exporters.map(({ name, rest }) => ({ name, to: passesTo(rest) }))
  for (const group of stopOrder(passing)) {
    await exporters.stopAll(
      context,
      group.filter((name) => !but.has(exporters.get(name))),
    )
  }
  for (const { name, component } of processors) if (!but.has(component)) await stopQuietly(name, component, context)
}
