import type { Context } from '../core/context.ts'
import type { ComputeExporter } from '../core/exporter.ts'
import { type ExportResult, errorOf, toError } from '../core/result.ts'
import type { ComputeSource } from '../core/source.ts'
import type { Window } from '../core/window.ts'

/**
 * What became of a window. `empty`: the source has nothing to export for it. `rejected`: all or some of its data never will be
 * taken. `failed`: it may succeed later; `down`: everything else would fail now too.
 */
export type WindowOutcome =
  | { readonly status: 'exported' | 'empty' }
  | { readonly status: 'rejected'; readonly error: Error }
  | { readonly status: 'failed'; readonly error: Error; readonly down: boolean }

export interface WindowRoute<T> {
  readonly source: ComputeSource<T>
  readonly exporter: ComputeExporter<T>
  readonly sourceResolutionMs: number
}

export interface WindowContexts {
  /** Its signal may abort a computation: the window is then computed anew another time. */
  readonly computing: Context
  readonly exporting: Context
}

/** Computes a window and exports it. Never rejects. */
export async function exportWindow<T>(route: WindowRoute<T>, window: Window, contexts: WindowContexts): Promise<WindowOutcome> {
  const { source, exporter, sourceResolutionMs } = route
  try {
    const data = await source.compute(window, sourceResolutionMs, contexts.computing)
    if (data === undefined) return { status: 'empty' }
    return outcomeOf(await exporter.export(window, data, contexts.exporting))
  } catch (thrown) {
    return { status: 'failed', error: toError(thrown), down: false }
  }
}

function outcomeOf(result: ExportResult): WindowOutcome {
  const error = errorOf(result)
  if (!error) return { status: 'exported' }
  if (result.status === 'retry') return { status: 'failed', error, down: result.scope === 'destination' }
  if (result.status === 'partial' && result.retry.length > 0) return { status: 'failed', error, down: false }
  return { status: 'rejected', error }
}
