import type { FastifyInstance } from 'fastify'
import { toError, z } from '../../sdk.ts'
import type { Span } from '../collection/array-source.ts'
import { deviceAlerts } from '../collection/device-alerts.ts'
import { ArrayFailure } from '../model/failures.ts'
import type { DeviceDescription } from '../model/resources.ts'
import type { ArraysApiOptions } from './arrays-api.ts'
import { bodyOf } from './body.ts'
import { describe } from './describe.ts'
import { type GivenQuery, last } from './list-query.ts'
import * as schemas from './schemas.ts'
import { viewOfAlert } from './views.ts'

type OfArray = { Params: { id: string }; Querystring: GivenQuery }
const one = { params: ['id'] } as const

/** Alerts: asked of the array each time. */
export function alertRoutes(app: FastifyInstance, { registry, collecting, log }: ArraysApiOptions): void {
  app.get<OfArray>(
    '/storages/:id/alerts',
    describe({
      summary: 'The alerts of an array.',
      ...one,
      query: {
        begin_time: { type: 'integer', description: 'From when on, in milliseconds since the epoch.' },
        end_time: { type: 'integer', description: 'Until when.' },
      },
      answer: z.object({ alerts: z.array(schemas.alert) }),
    }),
    async ({ params: { id }, query }) => {
      const span = spanOf(timeOf(last(query.begin_time)), timeOf(last(query.end_time)))
      const { name, vendor, model, serial_number } = (await registry.get(id)).data as unknown as DeviceDescription
      const array = { id, name, vendor, model, serial_number }
      const alerts = await registry.ask(id, (device, context) => deviceAlerts(device, span, context), { failure: 'StorageListAlertFailed' })
      return { alerts: alerts.map((alert) => viewOfAlert(alert, array)) }
    },
  )
  app.post<OfArray>(
    '/storages/:id/alerts/sync',
    describe({ summary: 'Hands the alerts of an array to the exporters.', ...one, body: schemas.alertSpan }),
    async (request, reply) => {
      const { id } = request.params
      const { begin_time, end_time } = bodyOf(request, schemas.alertSpan)
      const span = spanOf(begin_time, end_time)
      await registry.get(id)
      void collecting
        .syncAlerts(id, span)
        .catch((thrown) => log.warn('the alerts of an array could not be handed on', { array: id, error: toError(thrown) }))
      return reply.send()
    },
  )
  app.delete<{ Params: { id: string; sequence_number: string } }>(
    '/storages/:id/alerts/:sequence_number',
    describe({ summary: 'Clears an alert of an array.', params: ['id', 'sequence_number'] }),
    async ({ params: { id, sequence_number: sequence } }, reply) => {
      await registry.ask(
        id,
        async (device, context) => {
          if (!device.clearAlert) throw new ArrayFailure('StorageCapabilityNotSupported')
          await device.clearAlert(sequence, context)
        },
        { failure: 'StorageClearAlertFailed' },
      )
      await collecting.cleared(id, ({ annotations }) => annotations?.sequence_number === sequence)
      return reply.send()
    },
  )
}

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const ms = Number(text)
  if (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(ms)) return ms
  throw invalid('begin_time and end_time should be integer values in milliseconds.')
}

/** Without either, all that there are now. */
function spanOf(begin: number | undefined, end: number | undefined): Span | undefined {
  if (begin === undefined && end === undefined) return undefined
  const startMs = begin ?? Number.MIN_SAFE_INTEGER
  if (end === undefined) return { startMs, endMs: Number.MAX_SAFE_INTEGER }
  if (end <= startMs) throw invalid('end_time should be greater than begin_time.')
  return { startMs, endMs: end + 1 }
}

const invalid = (message: string) => new ArrayFailure('InvalidInput', [message])
