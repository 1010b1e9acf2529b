import type { ByteWriter } from '../../core/index.ts'
import type { FamilyType } from '../prometheus-text/family.ts'
import type { Line, Metadata, Sample, WireLabels } from './lines.ts'

/** How one version of the protocol says a request. `Prepared` is what it works out once for each line. */
export interface Form<Prepared> {
  readonly contentType: string
  prepare(labels: WireLabels, metadata: Metadata): Prepared
  /** Forgets what was worked out, which is asked for anew. */
  forget(): void
  begin(): void
  /** Writes a time series. The samples are those of the line, in order. */
  series(writer: ByteWriter, line: Line<Prepared>, samples: readonly Sample[]): void
  /** Writes what the request has beside its series. */
  end(writer: ByteWriter): void
}

/** Of the enumeration `MetricType`, which both versions have. */
export const metricTypes: Readonly<Record<FamilyType, number>> = { counter: 1, gauge: 2, histogram: 3, summary: 5 }
