import type { ResolvedConfig } from './resolve.ts'

/** Without what is switched off: components, their names in pipelines and as fallbacks, and pipelines of which an end is gone. */
export function onlyEnabled(resolved: ResolvedConfig): ResolvedConfig {
  const sections = ['sources', 'receivers', 'processors', 'exporters'] as const
  const off = (...of: (typeof sections)[number][]) =>
    new Set(of.flatMap((section) => resolved.file[section].flatMap((entry) => (entry.enabled ? [] : [entry.name ?? entry.type]))))
  const gone = { inputs: off('sources', 'receivers'), processors: off('processors'), exporters: off('exporters') }
  if (Object.values(gone).every((names) => names.size === 0)) return resolved
  const without = (names: readonly string[], which: ReadonlySet<string>) => names.filter((name) => !which.has(name))
  const still = (name: unknown) => typeof name !== 'string' || !gone.exporters.has(name)

  const pipelines = resolved.file.pipelines.flatMap((pipeline) => {
    const from = without(pipeline.from, gone.inputs)
    const to = without(pipeline.to, gone.exporters)
    const routes = pipeline.routes.map((route) => ({ ...route, to: without(route.to, gone.exporters) }))
    const anywhere = to.length > 0 || routes.some((route) => route.to.length > 0)
    return from.length > 0 && anywhere ? [{ ...pipeline, from, process: without(pipeline.process, gone.processors), to, routes }] : []
  })
  const exporters = resolved.exporters.flatMap((exporter) => {
    const { enabled, fallback, deadLetter, monitor, ...rest } = exporter.rest
    const { selfMetricsExporter, ...monitored } = monitor
    if (!enabled) return []
    return [
      {
        ...exporter,
        rest: {
          ...rest,
          enabled,
          ...(still(fallback) && { fallback }),
          ...(still(deadLetter) && { deadLetter }),
          monitor: { ...monitored, ...(still(selfMetricsExporter) && { selfMetricsExporter }) },
        },
      },
    ]
  })
  return {
    ...resolved,
    file: { ...resolved.file, pipelines },
    sources: resolved.sources.filter(({ rest }) => rest.enabled),
    receivers: resolved.receivers.filter(({ rest }) => rest.enabled),
    processors: resolved.processors.filter(({ rest }) => rest.enabled),
    exporters,
  }
}
