import type { Batch } from '../../core/batch.ts'
import { WaybillError } from '../../core/errors.ts'
import type { Path, Problem } from './problems.ts'
import type { FileConfig } from './schema.ts'

type BatchCondition = (batch: Batch) => boolean

/** The conditions of a pipeline, compiled. */
export interface PipelineConditions {
  /** Of the pipeline itself; undefined: always. */
  readonly when: BatchCondition | undefined
  /** One for each route. `perRecord`: to be asked about batches of one record. */
  readonly routes: readonly { readonly condition: BatchCondition; readonly perRecord: boolean }[]
}

/** By the pipelines' names. */
export type Conditions = ReadonlyMap<string, PipelineConditions>

/** Compiles the conditions of pipelines and routes. The expression library is imported only when there is one. */
export async function compileConditions({ pipelines }: FileConfig): Promise<{ conditions: Conditions; problems: readonly Problem[] }> {
  const problems: Problem[] = []
  const any = pipelines.some(({ when, routes }) => when || routes.some((route) => route.when || route.where))
  const compilers = any ? await loadCompilers() : undefined
  const compile = (kind: 'when' | 'where', text: string | undefined, path: Path): BatchCondition | undefined => {
    if (text === undefined) return undefined
    try {
      return compilers![kind](text)
    } catch (thrown) {
      if (!(thrown instanceof WaybillError)) throw thrown
      const { code, message, hint } = thrown
      problems.push({ code, path: [...path, kind], message, ...(hint && { hint }) })
      return undefined
    }
  }
  const conditions = new Map(
    pipelines.map(({ name, when, routes }, index): [string, PipelineConditions] => {
      const path: Path = ['pipelines', index]
      const compiled = routes.map((route, at) => {
        const ofRecord = compile('where', route.where, [...path, 'routes', at])
        const ofBatch = compile('when', route.when, [...path, 'routes', at])
        return { condition: ofRecord ?? ofBatch ?? always, perRecord: ofRecord !== undefined }
      })
      return [name, { when: compile('when', when, path), routes: compiled }]
    }),
  )
  return { conditions, problems }
}

const always = (): boolean => true

async function loadCompilers(): Promise<Readonly<Record<'when' | 'where', (text: string) => BatchCondition>>> {
  const [{ batchCondition }, { recordCondition }] = await Promise.all([
    import('../../expressions/batch-condition.ts'),
    import('../../expressions/record-condition.ts'),
  ])
  const where = (text: string): BatchCondition => {
    const condition = recordCondition(text)
    return (batch) => condition(batch, 0)
  }
  return { when: batchCondition, where }
}
