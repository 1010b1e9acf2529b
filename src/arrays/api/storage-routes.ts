import type { FastifyInstance } from 'fastify'
import { toError, z } from '../../sdk.ts'
import type { ArraysApiOptions } from './arrays-api.ts'
import { bodyOf } from './body.ts'
import { describe, listParameters } from './describe.ts'
import { type GivenQuery, listQuery } from './list-query.ts'
import * as schemas from './schemas.ts'
import { viewOfArray } from './views.ts'

const filters = ['name', 'vendor', 'model', 'status', 'serial_number'] as const
const listable = { filters, fields: [...Object.keys(schemas.storage.shape)].filter((field) => !/^(sync_status|deleted)/.test(field)) }
const one = { params: ['id'] } as const

/** Arrays: listed, registered, shown, forgotten, asked anew what they consist of. */
export function storageRoutes(app: FastifyInstance, { registry, collecting, log }: ArraysApiOptions): void {
  const view = (entry: Parameters<typeof viewOfArray>[0]) => viewOfArray(entry, registry.syncs.isRunning(entry.id))
  const later = (what: string, id: string, work: Promise<unknown>) =>
    void work.catch((thrown) => log.error(what, { array: id, error: toError(thrown) }))

  app.get<{ Querystring: GivenQuery }>(
    '/storages',
    describe({
      summary: 'The arrays that are registered.',
      query: listParameters(listable),
      answer: z.object({ storages: z.array(schemas.storage) }),
    }),
    async ({ query }) => ({ storages: (await registry.list(listQuery(query, listable))).map(view) }),
  )
  app.post(
    '/storages',
    describe({ summary: 'Registers an array.', body: schemas.registration, status: 201, answer: schemas.storage }),
    async (request, reply) => {
      const { vendor, model, storage_name, ...access } = bodyOf(request, schemas.registration)
      const array = await registry.register({ vendor, model, storage_name, access })
      const begin = async () => collecting.collect(array.id, await registry.plan(array.id))
      later('nothing is collected of an array', array.id, begin())
      return reply.code(201).send(view(array))
    },
  )
  app.get<{ Params: { id: string } }>(
    '/storages/:id',
    describe({ summary: 'An array.', ...one, answer: schemas.storage }),
    async ({ params: { id } }) => view(await registry.get(id)),
  )
  app.delete<{ Params: { id: string } }>(
    '/storages/:id',
    describe({ summary: 'Forgets an array, and whatever is known of it.', ...one, status: 202 }),
    async ({ params: { id } }, reply) => {
      await registry.remove(id)
      later('collecting does not end', id, collecting.remove(id))
      later('its traps are still taken', id, collecting.trapSourcesChanged())
      return reply.code(202).send()
    },
  )
  app.post('/storages/sync', describe({ summary: 'Asks every array anew what it consists of.', status: 202 }), async (_request, reply) => {
    for (const { id } of await registry.list()) if (!registry.syncs.isRunning(id)) registry.syncs.begin(id)
    return reply.code(202).send()
  })
  app.post<{ Params: { id: string } }>(
    '/storages/:id/sync',
    describe({ summary: 'Asks an array anew what it consists of.', ...one, status: 202 }),
    async ({ params: { id } }, reply) => {
      await registry.get(id)
      registry.syncs.begin(id)
      return reply.code(202).send()
    },
  )
}
