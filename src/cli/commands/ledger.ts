import type { LedgerFigures } from '../../core/ledger.ts'
import { type AgentApiOptions, askAgent } from '../agent-api.ts'
import { allBooksOf } from '../books.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../print.ts'

/** `waybill ledger`: the books of the running agent, since its start and over all time. */
export async function ledger({ json, ...options }: AgentApiOptions & { readonly json?: boolean }): Promise<number> {
  const response = await askAgent('/api/v1/ledger', options, AbortSignal.timeout(10_000))
  const figures = (await response.json()) as LedgerFigures
  const lines = json ? [JSON.stringify(figures, null, 2)] : allBooksOf(figures, { nowMs: Date.now(), width: process.stdout.columns })
  print(`${lines.join('\n')}\n`)
  return exitCodes.ok
}
