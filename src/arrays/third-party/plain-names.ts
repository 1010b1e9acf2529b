import { defineProcessor, type MetricsBatch, metrics, type Series, SeriesCache, series } from '../../sdk.ts'
import { measureOf } from './metric-data.ts'

/** Names and labels of arrays' metrics as exporters of arrays are given them (`iops`, not `volume_iops`), for readers that know these. */
export const plainNames = defineProcessor({
  type: 'array_names',
  summary: 'Names the metrics of storage arrays without their resource type, which stays a label.',
  signals: ['metrics'],
  create: ({ name }) => {
    const renamed = new SeriesCache<Series>((own) => {
      const { name, labels } = measureOf(own)
      return series(name, labels, own)
    })
    return {
      name,
      process: ({ points }: MetricsBatch) => metrics(points.map((point) => ({ ...point, series: renamed.get(point.series) }))),
    }
  },
})
