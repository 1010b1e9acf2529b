import { type ComputeExporter, type Context, type Emit, type ExportResult, errorOf, type Window } from '../../sdk.ts'
import type { MetricData } from '../third-party/metric-data.ts'
import { PointsOut } from './handing-on.ts'
import { type MeasuredSeries, MeasuredSeriesTable } from './measured-series.ts'
import type { Measured } from './measured-windows.ts'
import type { Turns } from './turns.ts'

/** Between two batches. */
const restMs = 10

/**
 * Reads what was measured in a window and in the overlap before it, and hands it on as points: of the overlap only what the array had
 * late. `ok` means that all of it was taken; a window that fails is read again as a whole.
 */
export class MeasuresExporter implements ComputeExporter<Measured> {
  readonly name = 'arrays'
  readonly #emit: Emit
  readonly #turns: Turns
  readonly #series = new MeasuredSeriesTable()

  constructor(emit: Emit, turns: Turns) {
    this.#emit = emit
    this.#turns = turns
  }

  export(window: Window, measured: Measured, context: Context): Promise<ExportResult> {
    return this.#turns.run(() => this.#handOn(window, measured, context))
  }

  async #handOn(window: Window, { source, portions }: Measured, context: Context): Promise<ExportResult> {
    const { id, name, serial_number } = source.array
    const array = { storage_id: id, storage_name: name, serial_number }
    const out = new PointsOut(this.#emit, context)
    const newestMs = new Map<MeasuredSeries, number>()
    const startMs = window.start.getTime()
    let noValues = 0
    for await (const portion of portions) {
      for (const metric of portion) {
        if (!isMeasure(metric)) {
          noValues++
          continue
        }
        const measured = this.#series.of(metric, array)
        const { series, handedOnMs } = measured
        let newest = newestMs.get(measured) ?? handedOnMs
        for (const time in metric.values) {
          const timeMs = Number(time)
          if (timeMs < startMs && timeMs <= handedOnMs) continue
          const value: unknown = metric.values[time]
          if (typeof value !== 'number' || !Number.isFinite(timeMs)) {
            noValues++
            continue
          }
          out.add({ series, timeMs, value })
          if (timeMs > newest) newest = timeMs
        }
        newestMs.set(measured, newest)
        if (!out.full) continue
        await out.send()
        // Whoever took it delivers it meanwhile, or all of a large array would wait in memory.
        await context.clock.sleep(restMs, context.signal)
      }
    }
    if (out.waiting) await out.send()
    if (noValues > 0)
      context.log.warn('the array tells values that are no numbers, or of no time or measure; they are left out', { values: noValues })
    if (!errorOf(out.result)) for (const [measured, ms] of newestMs) measured.handedOnMs = ms
    return out.result
  }
}

/** What a driver gives may be anything. */
const isMeasure = ({ name, labels, values }: Partial<MetricData>): boolean =>
  typeof name === 'string' && typeof labels === 'object' && labels !== null && typeof values === 'object' && values !== null
