import { readFileSync } from 'node:fs'
import { readAgentFile } from '../../agent/data-dir.ts'
import { WaybillError } from '../../core/errors.ts'
import type { LedgerFigures } from '../../core/ledger.ts'
import { toError } from '../../core/result.ts'
import { booksOf } from '../books.ts'
import { exitCodes } from '../exit-codes.ts'

export interface LedgerOptions {
  readonly dataDir: string
  readonly api?: string
  readonly tokenFile?: string
  readonly json?: boolean
}

/** `waybill ledger`: the books of the running agent. */
export async function ledger(options: LedgerOptions): Promise<number> {
  const figures = await fetchLedger(apiOf(options), tokenOf(options))
  const lines = options.json ? [JSON.stringify(figures, null, 2)] : booksOf(figures, Date.now())
  process.stdout.write(`${lines.join('\n')}\n`)
  return exitCodes.ok
}

function apiOf({ api, dataDir }: LedgerOptions): string {
  const found = api ?? readAgentFile(dataDir)?.api
  if (found) return found.replace(/\/+$/, '')
  throw new WaybillError('AGENT_UNREACHABLE', `no agent runs with the data directory ${dataDir}`, {
    hint: 'start one with waybill run, or name another with --data-dir or --api',
  })
}

function tokenOf({ tokenFile }: LedgerOptions): string | undefined {
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

async function fetchLedger(api: string, token: string | undefined): Promise<LedgerFigures> {
  const url = `${api}/api/v1/ledger`
  const unreachable = (why: string, hint: string) => new WaybillError('AGENT_UNREACHABLE', `no agent answers at ${url}: ${why}`, { hint })
  const response = await fetch(url, {
    headers: token ? { authorization: `Bearer ${token}` } : {},
    signal: AbortSignal.timeout(10_000),
  }).catch((thrown: unknown) => {
    const { cause, message } = toError(thrown)
    throw unreachable((cause as { code?: string } | undefined)?.code ?? message, 'check that it runs, and the address')
  })
  if (response.status === 401) throw unreachable('it asks for a token', 'give it with --token-file or WAYBILL_API_TOKEN')
  if (!response.ok) throw unreachable(`status ${response.status}`, 'check the address')
  return (await response.json()) as LedgerFigures
}
