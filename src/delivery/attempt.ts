import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { type ExportResult, fromThrown } from '../core/result.ts'

/** One call of `exporter`, in which a throw is a result too. */
export async function attempt<Time, T>(exporter: Exporter<Time, T>, time: Time, data: T, context: Context): Promise<ExportResult> {
  try {
    return await exporter.export(time, data, context)
  } catch (thrown) {
    return fromThrown(thrown)
  }
}
