import { z } from '../../sdk.ts'
import { levels } from '../log-levels.ts'

const counts = z.record(z.string(), z.int())

const health = z.object({
  state: z.enum(['starting', 'healthy', 'degraded', 'unhealthy', 'stopped']),
  reason: z.string().optional().describe('Why it is degraded or unhealthy.'),
})

const component = z.object({ kind: z.string(), name: z.string(), type: z.string(), health })

/** The answer of /readyz. */
export const readiness = z.object({
  status: z
    .enum(['starting', 'ready', 'degraded', 'unavailable', 'stopping'])
    .describe('degraded: something is not healthy and the rest goes on; unavailable: no exporter is healthy.'),
  components: z.array(component),
})

const booked = z.object({
  accepted: z.int(),
  delivered: z.int(),
  diverted: counts,
  deadLettered: z.int(),
  dropped: counts,
  refused: z.int().optional(),
})

const account = z.object({
  name: z.string(),
  accepted: z.int().describe('accepted = delivered + diverted + deadLettered + dropped + pending'),
  delivered: z.int(),
  diverted: counts.describe('By the exporter that took them.'),
  deadLettered: z.int(),
  dropped: counts.describe('By the reason.'),
  pending: z.int().describe('Counted from what is queued and in flight.'),
  refused: z.int().describe('Given back to the caller; not part of accepted.'),
  oldestPendingMs: z.number().optional().describe('When the oldest pending record was accepted, in milliseconds since the epoch.'),
  balanced: z.boolean(),
  earlier: booked.optional().describe('What of these figures earlier processes have counted; the rest is since the start.'),
})

const flow = z.object({
  received: z.int().describe('received = handedOn + filtered + unmatched + refused'),
  handedOn: z.int(),
  filtered: counts.describe('By the processor that took them out.'),
  unmatched: z.int(),
  refused: z.int(),
  missed: z.int().describe('Ticks at which a source was not asked, since the one before was under way.'),
})

const pipelineAccount = flow.extend({
  name: z.string(),
  balanced: z.boolean(),
  earlier: flow.optional().describe('What of these figures earlier processes have counted; the rest is since the start.'),
})

/** The answer of /api/v1/ledger. */
export const ledger = z.object({ exporters: z.array(account), pipelines: z.array(pipelineAccount), balanced: z.boolean() })

/** The answer of /api/v1/pipelines. */
export const pipelines = z.array(
  z.object({
    name: z.string(),
    from: z.array(component.extend({ intervalMs: z.number().optional() })),
    process: z.array(component),
    to: z.array(component),
    account: pipelineAccount,
  }),
)

/** The answer of /healthz. */
export const liveness = z.object({ status: z.literal('alive'), version: z.string(), uptimeMs: z.number() })

/** The answer of /api/v1/reload. */
export const reloaded = z.object({ status: z.literal('reloaded') })

const level = z.enum(levels)

/** The answer of /api/v1/log, and what may be put there. */
export const logLevels = z.strictObject({
  level: level.describe('From which level on to log.'),
  components: z.record(z.string(), level).describe('Another level for single components, by their names.'),
})

/** What an error looks like. */
export const failure = z.object({ error: z.string() })
