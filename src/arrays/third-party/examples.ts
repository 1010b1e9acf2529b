/** Exporters to begin with: what they are given goes to the log at debug level, and nowhere else. */
import type { Context, Create, Log } from '../../sdk.ts'
import type { AlertData } from './alert-data.ts'
import type { Dispatching } from './dispatch-exporter.ts'
import type { MetricData } from './metric-data.ts'

class Example implements Dispatching {
  readonly #log: Log

  constructor({ host }: Create<unknown>) {
    this.#log = host.log
  }

  dispatch(_context: Context, data: readonly (MetricData | AlertData)[]): void {
    for (const record of data) this.#log.debug('report data', { data: record })
  }
}

/** Tells of metrics. */
export class PerformanceExporterExample extends Example {}

/** Tells of alerts. */
export class AlertExporterExample extends Example {}
