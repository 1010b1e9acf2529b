import { readFileSync } from 'node:fs'
import { readAgentFile } from '../agent/data-dir.ts'
import { WaybillError } from '../core/errors.ts'
import { toError } from '../core/result.ts'

/** How a command finds the running agent. */
export interface AgentApiOptions {
  readonly dataDir: string
  readonly api?: string
  readonly tokenFile?: string
}

/** Asks the running agent's API; `path` begins with a slash. Throws WaybillError `AGENT_UNREACHABLE` unless it answers 2xx. */
export async function askAgent(path: string, options: AgentApiOptions, signal: AbortSignal): Promise<Response> {
  const url = apiOf(options) + path
  const unreachable = (why: string, hint: string) => new WaybillError('AGENT_UNREACHABLE', `no agent answers at ${url}: ${why}`, { hint })
  const token = tokenOf(options)
  const response = await fetch(url, { headers: token ? { authorization: `Bearer ${token}` } : {}, signal }).catch((thrown: unknown) => {
    const { cause, message } = toError(thrown)
    throw unreachable((cause as { code?: string } | undefined)?.code ?? message, 'check that it runs, and the address')
  })
  if (response.status === 401) throw unreachable('it asks for a token', 'give it with --token-file or WAYBILL_API_TOKEN')
  if (response.ok) return response
  const { error } = (await response.json().catch(() => ({}))) as { error?: string }
  throw unreachable(error ?? `status ${response.status}`, 'check the address and the name')
}

function apiOf({ api, dataDir }: AgentApiOptions): string {
  const found = api ?? readAgentFile(dataDir)?.api
  if (found) return found.replace(/\/+$/, '')
  throw new WaybillError('AGENT_UNREACHABLE', `no agent runs with the data directory ${dataDir}`, {
    hint: 'start one with waybill run, or name another with --data-dir or --api',
  })
}

function tokenOf({ tokenFile }: AgentApiOptions): string | undefined {
  if (tokenFile === undefined) return process.env.WAYBILL_API_TOKEN
  try {
    return readFileSync(tokenFile, 'utf8').trim()
  } catch (thrown) {
    throw new WaybillError('FILE_UNREADABLE', `cannot read ${tokenFile} (${(thrown as NodeJS.ErrnoException).code})`, {
      hint: 'check the path after --token-file',
      cause: thrown,
    })
  }
}
