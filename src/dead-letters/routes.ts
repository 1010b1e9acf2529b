import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Batch } from '../core/batch.ts'
import type { Context } from '../core/context.ts'
import { WaybillError } from '../core/errors.ts'
import type { EventExporter } from '../core/exporter.ts'
import { toError } from '../core/result.ts'
import type { DeadLetterStore } from './dead-letter-store.ts'
import { letterJson } from './letter.ts'
import { type FilterText, type LetterFilter, parseFilter } from './letter-filter.ts'
import { countWaiting, purge } from './purge.ts'
import { type Replayed, replay } from './replay.ts'

export interface DeadLetterRoutesOptions {
  readonly store: DeadLetterStore
  /** Takes what is replayed to it, as anything new: the chain of that exporter. */
  exporterOf(name: string): EventExporter<Batch> | undefined
  readonly context: Context
}

/** Letters are meant by `exporter`, `reason`, `from` and `to`; a change is tried without making it by `dry_run=true`. */
interface Query extends FilterText {
  readonly dry_run?: string
  readonly limit?: string
  /** Of a replay: to this exporter in place of each letter's own. */
  readonly target?: string
  /** Of a replay: records a second. */
  readonly rate?: string
}

const base = '/api/v1/dead-letters'
const jsonLines = 'application/x-ndjson'

/** Adds what the agent's API answers of its dead letters. One replay runs at a time; it ends when who asked for it goes away. */
export function deadLetterRoutes(app: FastifyInstance, { store, exporterOf, context }: DeadLetterRoutesOptions): void {
  let replaying = false
  const summary = (text: string) => ({ schema: { summary: text } })

  app.get<{ Querystring: Query }>(base, summary('Dead letters that wait, oldest first, as JSON lines.'), ({ query }, reply) =>
    asked(reply, () => {
      const { filter, limit } = read(query)
      return reply.type(jsonLines).send(Readable.from(lines(store, filter, limit)))
    }),
  )
  app.get(`${base}/figures`, summary('Dead letters by exporter: written = waiting + replayed + purged.'), () => ({
    exporters: store.figures(),
    bytes: store.bytes,
  }))
  app.get<{ Params: { id: string } }>(`${base}/:id`, summary('One dead letter that waits.'), async ({ params: { id } }, reply) => {
    const letter = await store.find(id)
    return letter ? letterJson(letter) : reply.code(404).send({ error: `no dead letter ${id} waits` })
  })
  app.post<{ Querystring: Query }>(`${base}/purge`, summary('Lets go of dead letters for good.'), ({ query }, reply) =>
    asked(reply, async () => {
      const { filter, dryRun } = read(query)
      return reply.send({
        purged: dryRun ? 0 : await purge(store, filter, context),
        ...(dryRun && { matched: await countWaiting(store, filter) }),
      })
    }),
  )
  app.post<{ Querystring: Query }>(
    `${base}/replay`,
    summary('Hands dead letters to exporters again. Answers with JSON lines that tell how far it is; the last one is how it ended.'),
    ({ query }, reply) =>
      asked(reply, async () => {
        const { filter, dryRun, target, rate } = read(query)
        if (target !== undefined && !exporterOf(target)) return reply.code(404).send({ error: `there is no exporter ${target}` })
        const matched = await countWaiting(store, filter)
        if (dryRun) return reply.type(jsonLines).send(`${JSON.stringify({ matched, replayed: 0, failed: 0 })}\n`)
        if (replaying) return reply.code(409).send({ error: 'a replay is under way: wait for its end' })
        replaying = true
        const gone = new AbortController()
        reply.raw.once('close', () => gone.abort())
        const progress = new Readable({ read: () => {} })
        const tell = (done: Replayed) => progress.push(`${JSON.stringify({ matched, ...done })}\n`)
        tell({ replayed: 0, failed: 0 })
        const signal = AbortSignal.any([context.signal, gone.signal])
        const options = { filter, recordsPerSecond: rate, exporterOf: (name: string) => exporterOf(target ?? name), onProgress: tell }
        void replay(store, options, { ...context, signal })
          .then(tell, (thrown) => progress.push(`${JSON.stringify({ matched, error: toError(thrown).message })}\n`))
          .finally(() => {
            replaying = false
            progress.push(null)
          })
        return reply.type(jsonLines).send(progress)
      }),
  )
}

/** Answers 400 to what cannot be meant. */
async function asked(reply: FastifyReply, answer: () => FastifyReply | Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await answer()
  } catch (thrown) {
    if (thrown instanceof WaybillError && thrown.code === 'INVALID_OPTION') return reply.code(400).send({ error: thrown.explain() })
    throw thrown
  }
}

/** Throws WaybillError `INVALID_OPTION`. */
function read({ dry_run, limit, target, rate, ...filter }: Query) {
  return {
    filter: parseFilter(filter),
    dryRun: dry_run === 'true',
    target,
    limit: positive('limit', limit) ?? Number.POSITIVE_INFINITY,
    rate: positive('rate', rate),
  }
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new WaybillError('INVALID_OPTION', `${name} is a number above 0, not ${JSON.stringify(text)}`)
}

async function* lines(store: DeadLetterStore, filter: LetterFilter, limit: number): AsyncGenerator<string> {
  let left = limit
  for await (const letter of store.list(filter)) {
    if (left-- <= 0) return
    yield `${JSON.stringify(letterJson(letter))}\n`
  }
}
