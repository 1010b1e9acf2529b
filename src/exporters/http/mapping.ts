import jsonata from 'jsonata'
import { toError } from '../../sdk.ts'
import type { Transform } from './payload.ts'

/** An expression that does not end would hold up the whole process. */
const limits = { timeout: 5000, stack: 500, sequence: 1_000_000 }

/** What is wrong with a JSONata expression; undefined for nothing. */
export function mappingProblem(expression: string): string | undefined {
  try {
    jsonata(expression)
    return undefined
  } catch (thrown) {
    return `is not a JSONata expression: ${problemOf(thrown)}`
  }
}

/**
 * Evaluates a JSONata expression (https://docs.jsonata.org) over `{ signal, table, records }`: the records as the codec `jsonl`
 * writes them, `table` of rows only. It fails when the expression does, goes on for longer than `timeout` milliseconds, calls
 * itself deeper than `stack`, or makes a sequence longer than `sequence`.
 */
export function mapped(expression: string, given: Partial<typeof limits> = {}): Transform {
  const compiled = jsonata(expression, { ...limits, ...given })
  return async (batch, records) => {
    const table = batch.signal === 'rows' ? { table: batch.table.name } : {}
    try {
      return await compiled.evaluate({ signal: batch.signal, ...table, records: records() })
    } catch (thrown) {
      throw new Error(`mapping: ${problemOf(thrown)}`)
    }
  }
}

/** JSONata throws plain objects. */
function problemOf(thrown: unknown): string {
  const { message, position } = thrown as { message?: string; position?: number }
  if (message === undefined) return toError(thrown).message
  return position === undefined ? message : `${message} (at character ${position})`
}
