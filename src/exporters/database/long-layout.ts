import type { AgingTable } from './database-client.ts'

/** The columns in which points are read in the long layout, a row each. Label columns come after these. */
export const longColumns = [
  'time',
  'name',
  'labels',
  'value',
  'unit',
  'kind',
  'distribution',
  'start_time',
  'exemplars',
  'stale',
  'temporality',
  'monotonic',
  'resource',
  'scope',
] as const

/** The table in which the points are that are read under that name, in every dialect. */
export const pointsTable = (name: string): AgingTable => ({ name: `${name}_points`, key: ['time', 'series'], time: 'time' })
