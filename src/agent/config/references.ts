import type { Signal } from '../../core/batch.ts'
import { listenProblem } from '../../core/listen-address.ts'
import { suggest } from './names.ts'
import type { Path, Problem } from './problems.ts'
import type { ResolvedConfig } from './resolve.ts'
import type { ExporterConfig, FileConfig } from './schema.ts'

const sections = ['sources', 'receivers', 'processors', 'exporters', 'pipelines'] as const

/** A file from which nothing would arrive anywhere, and an API that cannot be served as it is written. */
export function unreachable({ api, exporters }: FileConfig): Problem[] {
  const problem = api.enabled ? listenProblem(api.listen, api.token !== undefined) : undefined
  return [
    ...(problem ? [{ code: 'CONFIG_INVALID_VALUE', path: ['api', 'listen'], message: problem } as const] : []),
    ...(exporters.every(({ enabled }) => !enabled)
      ? [{ code: 'CONFIG_INVALID_VALUE', path: ['exporters'], message: 'there is no exporter: nothing would arrive anywhere' } as const]
      : []),
  ]
}

/** Pipelines that go nowhere, or in two ways at once. */
export function wrongRoutes({ pipelines }: FileConfig): Problem[] {
  const problem = (path: Path, message: string): Problem => ({ code: 'CONFIG_INVALID_VALUE', path, message })
  return pipelines.flatMap(({ to, routes, strategy }, index) => [
    ...((to.length === 0) === (routes.length === 0)
      ? [problem(['pipelines', index], 'it needs either exporters under `to` or `routes`')]
      : []),
    ...(strategy === 'failover' && routes.length > 0
      ? [problem(['pipelines', index, 'strategy'], 'failover is for `to`; give the exporter of a route a fallback instead')]
      : []),
    ...routes.flatMap(({ when, where }, at) =>
      when && where ? [problem(['pipelines', index, 'routes', at], 'when and where cannot both be here; make two routes')] : [],
    ),
  ])
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
  return file.pipelines.flatMap((pipeline, index) => [
    ...(['from', 'process', 'to'] as const).flatMap((key) => unknownIn(pipeline[key], known[key], ['pipelines', index, key])),
    ...pipeline.routes.flatMap(({ to }, at) => unknownIn(to, known.to, ['pipelines', index, 'routes', at, 'to'])),
  ])
}

const unknownIn = (names: readonly string[], known: readonly string[], path: Path): Problem[] =>
  names.flatMap((name, at) =>
    known.includes(name)
      ? []
      : [
          {
            code: 'CONFIG_UNKNOWN_NAME',
            path: [...path, at],
            message: `nothing here has the name ${name}`,
            hint: suggest(name, known),
          },
        ],
  )

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

/** The other exporters that get what this one does not deliver, by name. */
export const passesTo = ({ fallback, deadLetter }: ExporterConfig): readonly string[] =>
  [fallback, deadLetter].filter((next) => typeof next === 'string')

/** Other exporters that an exporter names and that are not there, and what would come back to where it was passed on. */
export function wrongFallbacks(file: FileConfig): Problem[] {
  const next = new Map(file.exporters.map((entry) => [entry.name ?? entry.type, passesTo(entry)]))
  const unknown = (path: Path, name: string | undefined): Problem[] =>
    name === undefined || next.has(name)
      ? []
      : [{ code: 'CONFIG_UNKNOWN_NAME', path, message: `no exporter has the name ${name}`, hint: suggest(name, [...next.keys()]) }]
  const reaches = (from: string, wanted: string, passed = new Set<string>()): boolean =>
    (next.get(from) ?? []).some((name) => name === wanted || (!passed.has(name) && reaches(name, wanted, passed.add(name))))
  return file.exporters.flatMap((entry, index): Problem[] => {
    const { fallback, monitor, deadLetter } = entry
    const name = entry.name ?? entry.type
    const path = ['exporters', index, fallback === undefined ? 'dead_letter' : 'fallback']
    const message = 'fallbacks and dead letters go round in a circle'
    return [
      ...unknown(['exporters', index, 'fallback'], fallback),
      ...unknown(['exporters', index, 'monitor', 'self_metrics_exporter'], monitor.selfMetricsExporter),
      ...unknown(['exporters', index, 'dead_letter'], typeof deadLetter === 'string' ? deadLetter : undefined),
      ...(reaches(name, name) ? [{ code: 'CONFIG_INVALID_VALUE', path, message, hint: 'let the last one have none' } as const] : []),
    ]
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
    const places = [
      ...pipeline.to.map((name, at) => ({ name, path: ['pipelines', index, 'to', at] })),
      ...pipeline.routes.flatMap((route, i) => route.to.map((name, at) => ({ name, path: ['pipelines', index, 'routes', i, 'to', at] }))),
    ]
    return places.flatMap(({ name, path }): Problem[] => {
      const taken = takes.get(name)
      const foreign = taken ? [...sent].filter((signal) => !taken.includes(signal)) : []
      if (foreign.length === 0) return []
      return [
        {
          code: 'CONFIG_SIGNAL_MISMATCH',
          path,
          message: `${name} takes ${taken!.join(', ')}, and this pipeline carries ${foreign.join(', ')} too`,
          hint: `add signals: [${taken!.join(', ')}] to the pipeline, or make another one for it`,
        },
      ]
    })
  })
}

/** Several exports at once to a destination that wants everything in order. */
export function outOfOrder({ file, exporters }: ResolvedConfig): Problem[] {
  return exporters.flatMap(({ plugin, rest }): Problem[] => {
    if (plugin.ordered !== 'all' || rest.buffer.concurrency === 1) return []
    return [
      {
        code: 'CONFIG_INVALID_VALUE',
        path: ['exporters', file.exporters.indexOf(rest), 'buffer', 'concurrency'],
        message: `${plugin.type} wants what it is sent in order, so exports cannot run beside each other`,
        hint: 'leave it at 1; larger batches (batch_size) make it faster',
      },
    ]
  })
}
