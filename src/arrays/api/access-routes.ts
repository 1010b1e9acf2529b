import type { FastifyInstance } from 'fastify'
import { z } from '../../sdk.ts'
import { alertSourceSchema } from '../model/access.ts'
import { ArrayFailure } from '../model/failures.ts'
import { accessKind } from '../registry/access-infos.ts'
import type { ArraysApiOptions } from './arrays-api.ts'
import { bodyOf } from './body.ts'
import { describe, listParameters } from './describe.ts'
import { type GivenQuery, listQuery } from './list-query.ts'
import * as schemas from './schemas.ts'
import { viewOfAccess, viewOfAlertSource } from './views.ts'

type OfArray = { Params: { id: string } }
const one = { params: ['id'] } as const
const accesses = { filters: ['storage_id', 'vendor', 'model'], fields: ['storage_id', 'vendor', 'model', 'created_at', 'updated_at'] }
const sources = { filters: ['storage_id', 'host', 'version'], fields: ['storage_id', 'host', 'version', 'created_at', 'updated_at'] }

/** How arrays are reached, and who may send traps of them. */
export function accessRoutes(app: FastifyInstance, { registry, collecting }: ArraysApiOptions): void {
  const access = async (id: string) => {
    await registry.get(id)
    const entry = await registry.accesses.entry(id)
    if (!entry) throw new ArrayFailure('AccessInfoNotFound', [id])
    return viewOfAccess(entry)
  }
  app.get<{ Querystring: GivenQuery }>(
    '/access-infos',
    describe({
      summary: 'How arrays are reached.',
      query: listParameters(accesses),
      answer: z.object({ access_infos: z.array(schemas.accessInfo) }),
    }),
    async ({ query }) => ({ access_infos: (await registry.store.list(accessKind, listQuery(query, accesses))).map(viewOfAccess) }),
  )
  app.get<OfArray>(
    '/storages/:id/access-info',
    describe({ summary: 'How an array is reached.', ...one, answer: schemas.accessInfo }),
    ({ params }) => access(params.id),
  )
  app.put<OfArray>(
    '/storages/:id/access-info',
    describe({ summary: 'Reaches an array in another way.', ...one, body: schemas.accessChange, answer: schemas.accessInfo }),
    async (request) => {
      const { id } = request.params
      const { storage_name, ...given } = bodyOf(request, schemas.accessChange)
      await registry.changeAccess(id, { access: given, ...(storage_name !== undefined && { storage_name }) })
      return access(id)
    },
  )

  const listSources = async ({ query }: { readonly query: GivenQuery }) => ({
    snmp_configs: (await registry.alertSources.list(listQuery(query, sources))).map(viewOfAlertSource),
  })
  for (const path of ['/snmp-configs', '/storages/snmp-configs'])
    app.get<{ Querystring: GivenQuery }>(
      path,
      describe({
        summary: 'Who may send traps of arrays.',
        query: listParameters(sources),
        answer: z.object({ snmp_configs: z.array(schemas.alertSource) }),
      }),
      listSources,
    )
  app.get<OfArray>(
    '/storages/:id/snmp-config',
    describe({ summary: 'Who may send traps of an array.', ...one, answer: schemas.alertSource }),
    async ({ params: { id } }) => {
      await registry.get(id)
      return viewOfAlertSource(await registry.alertSources.get(id))
    },
  )
  app.put<OfArray>(
    '/storages/:id/snmp-config',
    describe({ summary: 'Takes traps of an array.', ...one, body: alertSourceSchema, answer: schemas.alertSource }),
    async (request) => {
      const { id } = request.params
      const source = bodyOf(request, alertSourceSchema)
      await registry.get(id)
      await registry.alertSources.put(id, source)
      await collecting.trapSourcesChanged()
      return viewOfAlertSource(await registry.alertSources.get(id))
    },
  )
  app.delete<OfArray>(
    '/storages/:id/snmp-config',
    describe({ summary: 'Takes no traps of an array any more.', ...one }),
    async ({ params: { id } }, reply) => {
      await registry.get(id)
      await registry.alertSources.remove(id)
      await collecting.trapSourcesChanged()
      return reply.send()
    },
  )
}
