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
