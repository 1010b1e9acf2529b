import type { Signal } from '../../core/batch.ts'
import type { PipelineConfig } from './pipeline-schema.ts'
import type { ResolvedConfig } from './resolve.ts'
import type { FileConfig } from './schema.ts'

/** The pipelines of a file that was written without: everything goes to each of its exporters, through each of its processors, as far as it takes it. */
export function impliedPipelines(written: FileConfig, { sources, receivers, exporters }: ResolvedConfig): readonly PipelineConfig[] {
  if (written.pipelines.length > 0 || written.exporters.length === 0) return []
  const inputs = [...sources, ...receivers]
  const carried = new Set(inputs.flatMap(({ plugin }) => plugin.signals as readonly Signal[]))
  const groups = new Map<string, { readonly signals: readonly Signal[]; readonly to: string[] }>()
  for (const { name, type } of written.exporters) {
    const taken = exporters.find((exporter) => exporter.name === (name ?? type))?.plugin.signals as readonly Signal[] | undefined
    const signals = taken?.filter((signal) => carried.has(signal)) ?? []
    // One that takes nothing of it is told of as a mistake, like any other that is sent what it does not take.
    const isWhole = signals.length === carried.size || signals.length === 0
    const key = isWhole ? 'all' : signals.join('-')
    const group = groups.get(key) ?? { signals: isWhole ? [] : signals, to: [] }
    group.to.push(name ?? type)
    groups.set(key, group)
  }
  return [...groups].map(([name, { signals, to }]) => ({
    name,
    from: inputs.map(({ name }) => name),
    process: written.processors.map(({ name, type }) => name ?? type),
    ...(signals.length > 0 && { signals: [...signals] }),
    to,
    routes: [],
    require: 'any',
    strategy: 'parallel',
  }))
}
