/** A diagnostic that flips a coin, and a controller that stores what it gave. */
import { type Context, createDiagnosticsExportController, DiagnosticService, type ExportController, type Storage } from 'waybill'

export function createCoinFlips(storage: Storage, context: Context): ExportController {
  const diagnostics = new DiagnosticService()
  diagnostics.register('coin-flip', 'A randomized diagnostic result', 'random', ({ random }) => ({
    result: random() < 0.5 ? 'tails' : 'heads',
  }))
  return createDiagnosticsExportController('MyClusterID', 'MyApplication', storage, diagnostics, { context })
}
