import { defineExporter, ok } from '../../../core/index.ts'
import type { ExporterPlugin } from '../../../core/plugin.ts'
import type { Point } from '../../../core/point.ts'

/** What is told every sample. It must not throw. */
export type Take = (points: readonly Point[], timeMs: number) => void

/** An exporter that hands samples to something of this process. */
export const takenBy = (type: string, take: Take): ExporterPlugin =>
  defineExporter({
    type,
    summary: 'Something of this process.',
    signals: ['metrics'],
    create: ({ name }) => ({
      name,
      export: async (time, { points }) => {
        take(points, time.getTime())
        return ok
      },
    }),
  })
