import { access, constants, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Context } from '../../core/context.ts'
import { parseDuration } from '../../core/duration.ts'
import { WaybillError } from '../../core/errors.ts'
import { typesOf } from '../../opencost/asset-selection.ts'
import type { CostQuestion } from '../../opencost/cost-rows.ts'
import type { ExportPlan, PlannedExport } from '../../opencost/export-costs.ts'
import { type Journal, readJournal } from '../../opencost/journal.ts'
import { chooseLevels, type Levels } from '../../opencost/levels.ts'
import { extensionOf, type RowFormat } from '../../opencost/row-writer.ts'
import { stepsOf } from '../../opencost/steps.ts'
import type { KustoSchema } from '../../opencost/tables.ts'
import { type CostWindow, parseWindow, windowQuery } from '../../opencost/window.ts'
import { currencyOf } from './opencost-currency.ts'
import { exporterIn } from './opencost-exporter.ts'
import { type MetadataOptions, metadataOf } from './opencost-metadata.ts'
import { destinationsOf, type OutputOptions, outputTo } from './opencost-outputs.ts'
import { wholeNumber } from './whole-number.ts'

/** The options of `opencost export` about what. */
export interface PlanOptions extends OutputOptions, MetadataOptions {
  /** The configuration that has the exporter. */
  readonly config: string
  readonly step?: string
  readonly accumulate?: boolean
  readonly aggregate?: string
  readonly assetsAggregate?: string
  /** `focus` is CSV with the columns of FOCUS. */
  readonly format: RowFormat | 'focus'
  readonly kustoSchema: KustoSchema
  readonly currency: string
  readonly includeIdle?: boolean
  readonly shareIdle?: boolean
  readonly filter?: string
  readonly concurrency: string
  readonly resume?: boolean
}

/** What to export from an address, where to, and over which window. Rejects with WaybillError before anything is asked for. */
export async function planOf(
  options: PlanOptions,
  address: string,
  context: Context,
): Promise<ExportPlan & { readonly window: CostWindow }> {
  const { step, accumulate = false, resume = false, to } = options
  const nowMs = context.clock.now()
  const format = options.format === 'focus' ? 'csv' : options.format
  const stepMs = step === undefined ? undefined : parseDuration(step)
  const levels = chooseLevels(options.aggregate, options.assetsAggregate)
  const asked = parseWindow(options.window, nowMs)
  const destinations = destinationsOf(options, levels, nowMs, extensionOf(format))
  const inSteps = stepMs !== undefined && !accumulate
  if (resume && !(inSteps && destinations.every(({ kind }) => kind === 'file')))
    throw new WaybillError('INVALID_OPTION', '--resume is for exports in steps to files', {
      hint: 'give --step, and a file for each output',
    })
  if (to !== undefined && options.format !== 'kusto' && options.format !== 'focus')
    throw new WaybillError('INVALID_OPTION', `--format ${options.format} is of files`, { hint: 'an exporter has a format of its own' })
  const exporter = to === undefined ? undefined : await exporterIn(options.config, to, context)
  for (const { to, kind } of destinations) if (kind.endsWith('file')) await checkPath(to)

  const question = questionOf(options, levels, stepMs, destinations.length > 1)
  const key = JSON.stringify({ address, window: options.window, step, format, question })
  const journals = await Promise.all(destinations.map(({ to }) => (resume ? readJournal(to, key) : undefined)))
  const begun = journals.find((journal) => journal !== undefined)
  const window = begun ? windowOf(begun) : asked
  const collectionTimeMs = begun?.collectionTimeMs ?? nowMs
  const start: Journal = {
    question: key,
    startMs: window.start.getTime(),
    endMs: window.end.getTime(),
    collectionTimeMs,
    steps: 0,
    rows: 0,
    bytes: 0,
  }
  return {
    window,
    question,
    steps: stepsOf(window, inSteps ? stepMs : undefined, collectionTimeMs),
    concurrency: wholeNumber('--concurrency', options.concurrency, 1, 64),
    format,
    collectionTimeMs,
    exports: await Promise.all(
      destinations.map(async ({ type, to, kind }, index): Promise<PlannedExport> => {
        if (exporter) return { type, output: exporter, done: { steps: 0, rows: 0 } }
        const journal = inSteps && kind.endsWith('file') ? (journals[index] ?? start) : undefined
        return { type, output: await outputTo(to, context, journal), done: { steps: journal?.steps ?? 0, rows: journal?.rows ?? 0 } }
      }),
    ),
  }
}

function questionOf(options: PlanOptions, levels: Levels, stepMs: number | undefined, both: boolean): CostQuestion {
  const { accumulate = false, includeIdle = false, shareIdle = false, filter, filterTypes, kustoSchema, dataType } = options
  return {
    levels,
    layout: options.format === 'focus' ? 'focus' : 'kusto',
    currency: currencyOf(options.currency),
    includeIdle,
    shareIdle,
    accumulate: accumulate || undefined,
    step: accumulate && stepMs !== undefined ? `${Math.ceil(stepMs / 60_000)}m` : undefined,
    filter,
    assetFilter: !both && dataType === 'assets' ? filter : undefined,
    filterTypes: typesOf(filterTypes),
    schema: kustoSchema,
    metadata: metadataOf(options),
  }
}

/** A long query is not wasted on a path that cannot be written. */
async function checkPath(path: string): Promise<void> {
  const folder = dirname(path)
  const refused = (why: string) => new WaybillError('DESTINATION_UNAVAILABLE', `cannot write ${path}: ${why}`, { hint: 'check the path' })
  await access(`${folder}/.`, constants.W_OK).catch(({ code }: NodeJS.ErrnoException) => {
    throw refused(`the folder ${folder} ${code === 'ENOENT' ? 'is not there' : `cannot be written to (${code})`}`)
  })
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) throw refused('it is a folder')
}

function windowOf({ startMs, endMs }: Journal): CostWindow {
  const span = { start: new Date(startMs), end: new Date(endMs) }
  return { ...span, query: windowQuery(span) }
}
