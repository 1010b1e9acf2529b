/**
 * What Datadog takes at most. Sources: https://docs.datadoghq.com/api/latest/metrics/#submit-metrics,
 * https://docs.datadoghq.com/api/latest/logs/#send-logs, https://docs.datadoghq.com/api/latest/events/#post-an-event; of points and of
 * traces there is no published limit, these are those that the Datadog Agent keeps to.
 */
export const seriesLimits = { mostBytes: 5_242_880, mostPackedBytes: 512_000, mostCount: 10_000 }
export const logLimits = { mostBytes: 5_000_000, mostCount: 1000 }
export const traceLimits = { mostBytes: 3_200_000 }

/** How far in the future a point may lie. */
export const mostAheadMs = 600_000
/** How far in the past a log record or an event may lie. */
export const oldestLogMs = 18 * 3_600_000

export const mostTitle = 100
export const mostText = 4000
export const mostAggregationKey = 100
