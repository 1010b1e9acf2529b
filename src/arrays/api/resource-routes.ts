import type { FastifyInstance } from 'fastify'
import { z } from '../../sdk.ts'
import { ArrayFailure, type FailureCode } from '../model/failures.ts'
import type { ResourceKind } from '../model/resources.ts'
import type { ArraysApiOptions } from './arrays-api.ts'
import { describe, listParameters } from './describe.ts'
import { type GivenQuery, type Listable, listQuery } from './list-query.ts'
import * as schemas from './schemas.ts'
import { viewOfResource } from './views.ts'

interface Collection {
  readonly kind: ResourceKind
  readonly path: string
  /** What there is of all arrays has a route for one, too; else it is of one array. */
  readonly notFound?: FailureCode
}

const collections: readonly Collection[] = [
  { kind: 'storage_pools', path: 'storage-pools', notFound: 'StoragePoolNotFound' },
  { kind: 'volumes', path: 'volumes', notFound: 'VolumeNotFound' },
  { kind: 'controllers', path: 'controllers', notFound: 'ControllerNotFound' },
  { kind: 'ports', path: 'ports', notFound: 'PortNotFound' },
  { kind: 'disks', path: 'disks', notFound: 'DiskNotFound' },
  { kind: 'filesystems', path: 'filesystems', notFound: 'FilesystemNotFound' },
  { kind: 'qtrees', path: 'qtrees', notFound: 'QtreeNotFound' },
  { kind: 'quotas', path: 'quotas', notFound: 'QuotaNotFound' },
  { kind: 'shares', path: 'shares', notFound: 'ShareNotFound' },
  { kind: 'storage_host_initiators', path: 'storage-host-initiators' },
  { kind: 'storage_hosts', path: 'storage-hosts' },
  { kind: 'storage_host_groups', path: 'storage-host-groups' },
  { kind: 'port_groups', path: 'port-groups' },
  { kind: 'volume_groups', path: 'volume-groups' },
  { kind: 'masking_views', path: 'masking-views' },
]

const usualFilters = ['name', 'status', 'id', 'storage_id', 'wwn', 'user_group_name'] as const

/** What arrays consist of, as it was at their last sync. */
export function resourceRoutes(app: FastifyInstance, { registry }: ArraysApiOptions): void {
  for (const { kind, path, notFound } of collections) {
    const schema = schemas.resource(kind)
    const view = viewOfResource(schema)
    const listable = listableOf(kind)
    const list = {
      query: listParameters(listable),
      answer: z.object({ [kind]: z.array(schema) }),
    }
    const words = path.replaceAll('-', ' ')
    const found = async (query: GivenQuery) => ({ [kind]: (await registry.store.list(kind, listQuery(query, listable))).map(view) })
    if (!notFound) {
      const described = describe({ summary: `The ${words} of an array.`, params: ['id'], ...list })
      app.get<{ Params: { id: string }; Querystring: GivenQuery }>(
        `/storages/:id/${path}`,
        described,
        async ({ params: { id }, query }) => {
          await registry.get(id)
          return found({ ...query, storage_id: id })
        },
      )
      continue
    }
    app.get<{ Querystring: GivenQuery }>(`/${path}`, describe({ summary: `The ${words} of all arrays.`, ...list }), ({ query }) =>
      found(query),
    )
    const one = describe({ summary: `One of the ${words}.`, params: ['id'], answer: schema })
    app.get<{ Params: { id: string } }>(`/${path}/:id`, one, async ({ params: { id } }) => {
      const entry = await registry.store.get(kind, id)
      if (!entry) throw new ArrayFailure(notFound, [id])
      return view(entry)
    })
  }
}

/** Lists of text, as groups have them, and numbers are no filters. */
function listableOf(kind: ResourceKind): Listable {
  const fields = Object.keys(schemas.resource(kind).shape)
  const natives = fields.filter((field) => field.startsWith('native_'))
  const own = kind === 'quotas' ? ['type'] : []
  const filters = [...usualFilters, ...own, ...natives].filter((name) => fields.includes(name))
  return { filters, fields }
}
