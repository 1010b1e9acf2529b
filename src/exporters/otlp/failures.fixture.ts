/** What becomes of a batch when nothing goes right. */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { stopping } from '../../http/server.fixture.ts'
import type { Context, ExportResult } from '../../sdk.ts'
import { OtlpExporter, type OtlpExporterOptions } from './otlp.ts'
import { context, now, points } from './records.fixture.ts'

const secrets = { headers: { Authorization: 'Bearer hidden-token' } }

export interface Told {
  readonly result: ExportResult
  /** `retry destination`, `retry 5000`, `reject` … */
  readonly meaning: string
  readonly message: string
  readonly health: string
}

/** Exports with a secret, and fails when anything that is told holds it. */
export async function tell(t: Parameters<typeof stopping>[0], options: OtlpExporterOptions, given: Context = context): Promise<Told> {
  const exporter = stopping(t, new OtlpExporter({ ...secrets, ...options }))
  const result = await exporter.export(now, points, given)
  const health = exporter.health()
  assert.doesNotMatch(inspect([exporter, result, health], { depth: Number.POSITIVE_INFINITY, showHidden: true }), /hidden/)
  const more = result.status === 'retry' ? (result.scope ?? result.afterMs ?? '') : ''
  const message = 'error' in result ? ('explain' in result.error ? (result.error.explain as () => string)() : result.error.message) : ''
  if ('reason' in health) assert.equal(health.reason, message)
  return { result, meaning: `${result.status} ${more}`.trim(), message, health: health.state }
}
