import type { Problem } from './problems.ts'
import type { FileConfig } from './schema.ts'

/**
 * Turns `strategy: failover` into what it means: the records go to the first exporter, and each exporter has the next one
 * as its fallback. So there is one queue, and the switch is behind it.
 */
export function compileFailover(file: FileConfig): { file: FileConfig; problems: readonly Problem[] } {
  const problems: Problem[] = []
  const fallbacks = new Map<string, string>()
  const pipelines = file.pipelines.map((pipeline, index) => {
    if (pipeline.strategy !== 'failover') return pipeline
    for (const [at, name] of pipeline.to.slice(0, -1).entries()) {
      const next = pipeline.to[at + 1]!
      const other = fallbacks.get(name) ?? file.exporters.find((entry) => (entry.name ?? entry.type) === name)?.fallback
      if (other === undefined || other === next) fallbacks.set(name, next)
      else {
        const message = `${name} would get the fallback ${next} here and has ${other} already`
        problems.push({
          code: 'CONFIG_INVALID_VALUE',
          path: ['pipelines', index, 'to', at],
          message,
          hint: 'define the exporter twice, under two names',
        })
      }
    }
    return { ...pipeline, to: pipeline.to.slice(0, 1) }
  })
  const exporters = file.exporters.map((entry) => {
    const fallback = fallbacks.get(entry.name ?? entry.type) ?? entry.fallback
    return fallback === undefined ? entry : { ...entry, fallback }
  })
  return { file: { ...file, exporters, pipelines }, problems }
}
