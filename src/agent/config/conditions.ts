import type { Batch } from '../../core/batch.ts'
import { WaybillError } from '../../core/errors.ts'
import type { Problem } from './problems.ts'
import type { FileConfig } from './schema.ts'

/** Conditions of pipelines, by the pipelines' names. */
export type Conditions = ReadonlyMap<string, (batch: Batch) => boolean>

/** Compiles the conditions of pipelines. The expression library is imported only when there is one. */
export async function compileConditions({ pipelines }: FileConfig): Promise<{ conditions: Conditions; problems: readonly Problem[] }> {
  const conditions = new Map<string, (batch: Batch) => boolean>()
  const problems: Problem[] = []
  if (!pipelines.some(({ when }) => when)) return { conditions, problems }
  const { batchCondition } = await import('../../expressions/batch-condition.ts')
  for (const [index, { name, when }] of pipelines.entries()) {
    if (when === undefined) continue
    try {
      conditions.set(name, batchCondition(when))
    } catch (thrown) {
      if (!(thrown instanceof WaybillError)) throw thrown
      const { code, message, hint } = thrown
      problems.push({ code, path: ['pipelines', index, 'when'], message, ...(hint && { hint }) })
    }
  }
  return { conditions, problems }
}
