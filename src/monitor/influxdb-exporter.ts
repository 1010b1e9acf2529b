import type { MetricsBatch } from '../core/batch.ts'
import { batchRecords } from '../core/batch-records.ts'
import type { Context } from '../core/context.ts'
import { WaybillError } from '../core/errors.ts'
import type { EventExporter } from '../core/exporter.ts'
import { BufferedExporter } from '../delivery/buffered.ts'
import { ResilientExporter } from '../delivery/resilient.ts'
import { InfluxDBExporter as Destination, type InfluxDBExporterOptions } from '../exporters/influxdb/influxdb.ts'
import { AdaptedExporter } from './adapted-exporter.ts'

export interface InfluxDBExporterConfig extends Omit<InfluxDBExporterOptions, 'name'> {
  readonly url: string
}

/**
 * Sends samples to InfluxDB, all values of one as fields of one line. `url` is required, and `database` or what stands for it in the
 * later versions; `measurement` is `cubestat`. An export is answered once the sample is in a buffer, which delivers in the background,
 * so that a server that hangs delays nothing.
 */
export class InfluxDBExporter extends AdaptedExporter<InfluxDBExporterConfig> {
  /** Throws WaybillError `INVALID_OPTION`. */
  constructor(config: InfluxDBExporterConfig, context?: Context) {
    for (const key of ['url', 'database'] as const)
      if (!config?.[key] && !(key === 'database' && config.bucket))
        throw new WaybillError('INVALID_OPTION', `InfluxDB exporter requires '${key}' configuration`)
    const influxdb = new Destination({ measurement: 'cubestat', ...config, name: 'InfluxDBExporter' })
    super(() => buffered(influxdb), { config, context })
  }
}

const buffered = (exporter: EventExporter<MetricsBatch>): EventExporter<MetricsBatch> =>
  new BufferedExporter(new ResilientExporter(exporter, { records: batchRecords }), { records: batchRecords, batchSize: 5000 })
