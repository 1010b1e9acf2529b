import { readFileSync } from 'node:fs'
import { WaybillError } from '../../core/errors.ts'
import { toError } from '../../core/result.ts'
import type { LetterFigures } from '../../dead-letters/tally.ts'
import type { DeadLetterAccess, Progress, ShownLetter } from './dlq-access.ts'

/** The dead letters of the agent that answers at `url`. Throws WaybillError `AGENT_UNREACHABLE` unless it answers 2xx. */
export function lettersOfAgent(url: string, tokenFile: string | undefined): DeadLetterAccess {
  const ask = (method: 'GET' | 'POST', path: string, signal?: AbortSignal) =>
    request(method, `${url.replace(/\/+$/, '')}/api/v1/dead-letters${path}`, tokenOf(tokenFile), signal)
  const checked = async (method: 'GET' | 'POST', path: string, signal?: AbortSignal) => check(await ask(method, path, signal))
  return {
    async *list(filter, limit) {
      yield* jsonLines<ShownLetter>(await checked('GET', `?${queryOf({ ...filter, limit: limit?.toString() })}`))
    },
    async count(filter) {
      return ((await (await checked('POST', `/purge?${queryOf({ ...filter, dry_run: 'true' })}`)).json()) as { matched: number }).matched
    },
    async find(id) {
      const response = await ask('GET', `/${encodeURIComponent(id)}`)
      return response.status === 404 ? undefined : ((await (await check(response)).json()) as ShownLetter)
    },
    async figures() {
      return ((await (await checked('GET', '/figures')).json()) as { exporters: readonly LetterFigures[] }).exporters
    },
    async purge(filter) {
      return ((await (await checked('POST', `/purge?${queryOf(filter)}`)).json()) as { purged: number }).purged
    },
    async replay(filter, { target, recordsPerSecond, signal, onProgress }) {
      const query = queryOf({ ...filter, target, rate: recordsPerSecond?.toString() })
      let last: Progress = { matched: 0, replayed: 0, failed: 0 }
      try {
        for await (const progress of jsonLines<Progress>(await checked('POST', `/replay?${query}`, signal))) {
          last = { ...last, ...progress }
          onProgress(last)
        }
      } catch (thrown) {
        if (!signal.aborted) throw thrown
      }
      return last
    },
    async close() {},
  }
}

async function request(method: string, url: string, token: string | undefined, signal: AbortSignal | undefined): Promise<Response> {
  const headers = token ? { authorization: `Bearer ${token}` } : {}
  return fetch(url, { method, headers, ...(signal && { signal }) }).catch((thrown: unknown) => {
    if (signal?.aborted) throw thrown
    throw unreachable(url, toError(thrown).message, 'check that the agent runs, and the address')
  })
}

async function check(response: Response): Promise<Response> {
  if (response.ok) return response
  if (response.status === 401) throw unreachable(response.url, 'it asks for a token', 'give it with --token-file or WAYBILL_API_TOKEN')
  const { error } = (await response.json().catch(() => ({}))) as { error?: string }
  if (response.status === 400) throw new WaybillError('INVALID_OPTION', error ?? 'the agent does not understand the filter')
  throw unreachable(response.url, error ?? `status ${response.status}`, 'check the address and the names')
}

const unreachable = (url: string, why: string, hint: string) =>
  new WaybillError('AGENT_UNREACHABLE', `no agent answers at ${url.split('?')[0]}: ${why}`, { hint })

function tokenOf(file: string | undefined): string | undefined {
  if (file === undefined) return process.env.WAYBILL_API_TOKEN
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (thrown) {
    throw new WaybillError('FILE_UNREADABLE', `cannot read ${file} (${(thrown as NodeJS.ErrnoException).code})`, {
      hint: 'check the path after --token-file',
      cause: thrown,
    })
  }
}

const queryOf = (query: object): string =>
  new URLSearchParams(Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)).toString()

async function* jsonLines<T>({ body }: Response): AsyncGenerator<T> {
  let rest = ''
  for await (const text of (body as ReadableStream<Uint8Array<ArrayBuffer>>).pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    for (const line of lines) yield JSON.parse(line) as T
  }
}
