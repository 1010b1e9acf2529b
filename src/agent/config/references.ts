import type { Signal } from '../../core/batch.ts'
import { listenProblem } from '../../core/listen-address.ts'
import { suggest } from './names.ts'
import type { Path, Problem } from './problems.ts'
import type { ResolvedConfig } from './resolve.ts'
import type { FileConfig } from './schema.ts'

const sections = ['sources', 'receivers', 'processors', 'exporters', 'pipelines'] as const

/** A file from which nothing would arrive anywhere, and an API that cannot be served as it is written. */
export function unreachable({ api, exporters }: FileConfig): Problem[] {
  const problem = api.enabled ? listenProblem(api.listen, api.token !== undefined) : undefined
  return [
    ...(problem ? [{ code: 'CONFIG_INVALID_VALUE', path: ['api', 'listen'], message: problem } as const] : []),
    ...(exporters.length === 0
      ? [{ code: 'CONFIG_INVALID_VALUE', path: ['exporters'], message: 'there is no exporter: nothing would arrive anywhere' } as const]
      : []),
  ]
}

/** Two of a kind with one name, and two inputs with one name (a pipeline could not tell them apart). */
export function duplicateNames(file: FileConfig): Problem[] {
  const problems: Problem[] = []
  for (const group of [['sources', 'receivers'], ['processors'], ['exporters'], ['pipelines']] as const) {
    const first = new Map<string, Path>()
    for (const section of sections.filter((section) => (group as readonly string[]).includes(section))) {
      for (const [index, entry] of file[section].entries()) {
        const name = entry.name ?? ('type' in entry ? entry.type : '')
        const before = first.get(name)
        if (!before) first.set(name, [section, index])
        else
          problems.push({
            code: 'CONFIG_DUPLICATE_NAME',
            path: [section, index, entry.name ? 'name' : 'type'],
            message: `the name ${name} is taken by ${before[0]}[${before[1]}]`,
            hint: 'give each its own name',
          })
      }
    }
  }
  return problems
}

/** Names in pipelines that nothing has. */
export function unknownNames(file: FileConfig): Problem[] {
  const names = (...of: ('sources' | 'receivers' | 'processors' | 'exporters')[]) =>
    of.flatMap((section) => file[section].map((entry) => entry.name ?? entry.type))
  const inputs = names('sources', 'receivers')
  const known = { from: inputs, process: names('processors'), to: names('exporters') }
  return file.pipelines.flatMap((pipeline, index) =>
    (['from', 'process', 'to'] as const).flatMap((key) =>
      pipeline[key].flatMap((name, at): Problem[] =>
        known[key].includes(name)
          ? []
          : [
              {
                code: 'CONFIG_UNKNOWN_NAME',
                path: ['pipelines', index, key, at],
                message: `nothing here has the name ${name}`,
                hint: suggest(name, known[key]),
              },
            ],
      ),
    ),
  )
}

/** Names in tests that nothing has. */
export function unknownInTests(file: FileConfig): Problem[] {
  const inputs = [...file.sources, ...file.receivers].map((entry) => entry.name ?? entry.type)
  const exporters = file.exporters.map((entry) => entry.name ?? entry.type)
  const unknown = (path: Path, name: string, known: readonly string[], ofKey: boolean): Problem[] =>
    known.includes(name)
      ? []
      : [{ code: 'CONFIG_UNKNOWN_NAME', path, ofKey, message: `nothing here has the name ${name}`, hint: suggest(name, known) }]
  return file.tests.flatMap(({ input, expect }, index) => [
    ...unknown(['tests', index, 'input'], input, inputs, false),
    ...Object.keys(expect).flatMap((name) => unknown(['tests', index, 'expect', name], name, exporters, true)),
  ])
}

/** Other exporters that an exporter names and that are not there, and fallbacks that would come back to themselves. */
export function wrongFallbacks(file: FileConfig): Problem[] {
  const fallbacks = new Map(file.exporters.map((entry) => [entry.name ?? entry.type, entry.fallback]))
  const unknown = (path: Path, name: string | undefined): Problem[] =>
    name === undefined || fallbacks.has(name)
      ? []
      : [{ code: 'CONFIG_UNKNOWN_NAME', path, message: `no exporter has the name ${name}`, hint: suggest(name, [...fallbacks.keys()]) }]
  return file.exporters.flatMap(({ fallback, monitor }, index): Problem[] => {
    const path = ['exporters', index, 'fallback']
    const problems = [
      ...unknown(path, fallback),
      ...unknown(['exporters', index, 'monitor', 'self_metrics_exporter'], monitor.selfMetricsExporter),
    ]
    const passed = new Set<string>()
    for (let next = fallback; next !== undefined; next = fallbacks.get(next)) {
      if (passed.has(next))
        return [
          ...problems,
          { code: 'CONFIG_INVALID_VALUE', path, message: 'the fallbacks go round in a circle', hint: 'let the last one have none' },
        ]
      passed.add(next)
    }
    return problems
  })
}

/** Exporters that a pipeline would send a signal that they do not take. */
export function signalMismatches({ file, sources, receivers, exporters }: ResolvedConfig): Problem[] {
  const inputs = new Map([...sources, ...receivers].map(({ name, plugin }) => [name, plugin.signals as readonly Signal[]]))
  const takes = new Map(exporters.map(({ name, plugin }) => [name, plugin.signals as readonly Signal[]]))
  return file.pipelines.flatMap((pipeline, index) => {
    const sent = new Set(
      pipeline.from.flatMap((name) => inputs.get(name) ?? []).filter((signal) => !pipeline.signals || pipeline.signals.includes(signal)),
    )
    return pipeline.to.flatMap((name, at): Problem[] => {
      const taken = takes.get(name)
      const foreign = taken ? [...sent].filter((signal) => !taken.includes(signal)) : []
      if (foreign.length === 0) return []
      return [
        {
          code: 'CONFIG_SIGNAL_MISMATCH',
          path: ['pipelines', index, 'to', at],
          message: `${name} takes ${taken!.join(', ')}, and this pipeline carries ${foreign.join(', ')} too`,
          hint: `add signals: [${taken!.join(', ')}] to the pipeline, or make another one for it`,
        },
      ]
    })
  })
}
