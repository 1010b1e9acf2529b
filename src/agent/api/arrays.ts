import type { FastifyInstance } from 'fastify'
import type { ArraysReceiver } from '../../arrays/arrays-receiver.ts'
import type { Agent } from '../agent.ts'

/** The REST API of storage arrays, below /v1, as a part of the agent's own: it is described at the address that arrays have themselves. */
export function arraysRoutes(app: FastifyInstance, agent: Agent): void {
  app.all(
    '/v1/*',
    {
      schema: { hide: true },
      // Before a body is read: whoever answers reads it.
      onRequest: async (request, reply) => {
        if (!arraysOf(agent)?.answer(request.raw, reply.raw))
          return reply.code(503).header('retry-after', '1').send({ error: 'arrays are not served now; the log tells why' })
        return reply.hijack()
      },
    },
    (_request, reply) => reply,
  )
}

const arraysOf = ({ instances }: Agent): Pick<ArraysReceiver, 'answer'> | undefined =>
  instances.receivers.map(({ component }) => component.receiver).find((receiver) => 'answer' in receiver) as ArraysReceiver | undefined
