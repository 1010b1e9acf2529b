import type { FastifyInstance } from 'fastify'
import { ArrayFailure } from '../model/failures.ts'
import { type Capabilities, capabilitiesSchema } from '../model/measures.ts'
import type { ArraysApiOptions } from './arrays-api.ts'
import { bodyOf } from './body.ts'
import { describe } from './describe.ts'
import * as schemas from './schemas.ts'

/** What an array can measure, and what of it is collected. */
export function metricRoutes(app: FastifyInstance, { registry, collecting }: ArraysApiOptions): void {
  app.get<{ Params: { id: string } }>(
    '/storages/:id/capabilities',
    describe({ summary: 'What an array can measure.', params: ['id'], answer: schemas.capabilities }),
    async ({ params: { id } }) => {
      const { vendor, model } = (await registry.get(id)).data
      const spec = await registry.ask(id, async ({ capabilities }) => capabilities)
      return { metadata: { vendor, model }, spec: checked(spec) }
    },
  )
  app.put<{ Params: { id: string } }>(
    '/storages/:id/metrics-config',
    describe({
      summary: 'Collects from now on what an array measures, or nothing any more.',
      params: ['id'],
      body: schemas.metricsConfig,
      answer: schemas.metricsConfig,
    }),
    async (request) => {
      const { id } = request.params
      const config = bodyOf(request, schemas.metricsConfig)
      await collecting.collect(id, await registry.poll(id, config.array_polling))
      return config
    },
  )
}

/** What a driver says of itself may be anything. */
function checked(capabilities: Capabilities | undefined): Capabilities {
  if (!capabilities) throw new ArrayFailure('StorageCapabilityNotSupported')
  const { data, error } = capabilitiesSchema.safeParse(capabilities)
  if (!data) throw new ArrayFailure('InvalidStorageCapability', [error.issues[0]!.message])
  if (Object.keys(data.resource_metrics).length === 0) throw new ArrayFailure('EmptyResourceMetrics')
  return data
}
