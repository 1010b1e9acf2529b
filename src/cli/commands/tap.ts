import { parseDuration } from '../../core/duration.ts'
import { WaybillError } from '../../core/errors.ts'
import { type AgentApiOptions, askAgent } from '../agent-api.ts'
import { exitCodes } from '../exit-codes.ts'

export interface TapOptions extends AgentApiOptions {
  readonly limit?: string
  readonly for?: string
}

/** `waybill tap`: what passes an exporter or pipeline of the running agent, a JSON line for each record. */
export async function tap(name: string, { limit, for: duration, ...options }: TapOptions): Promise<number> {
  const most = limit === undefined ? Number.POSITIVE_INFINITY : Number(limit)
  if (!(most >= 1)) throw new WaybillError('INVALID_OPTION', `--limit takes a number from 1, not ${limit}`)
  const ending = new AbortController()
  const timer = duration === undefined ? undefined : setTimeout(() => ending.abort(), parseDuration(duration))
  process.stdout.once('error', () => ending.abort())
  try {
    const { body } = await askAgent(`/api/v1/tap/${encodeURIComponent(name)}`, options, ending.signal)
    let shown = 0
    for await (const line of linesOf(body!)) {
      process.stdout.write(`${line}\n`)
      if (++shown >= most) break
    }
  } catch (thrown) {
    if (ending.signal.aborted) return exitCodes.ok
    if (thrown instanceof WaybillError) throw thrown
    throw new WaybillError('AGENT_UNREACHABLE', 'the agent has ended', { cause: thrown })
  } finally {
    clearTimeout(timer)
    ending.abort()
  }
  return exitCodes.ok
}

async function* linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = ''
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    yield* lines
  }
}
