import { type RecordCondition, recordCondition } from '../../expressions/record-condition.ts'
import {
  type Batch,
  type Context,
  defineProcessor,
  type Log,
  nameMatcher,
  type Processor,
  recordsOf,
  SeriesCache,
  signals,
  toError,
  type WaybillError,
  withRecords,
  z,
} from '../../sdk.ts'

const condition = () =>
  z.string().transform((text, context): RecordCondition => {
    try {
      return recordCondition(text)
    } catch (thrown) {
      context.addIssue({ code: 'custom', message: (thrown as WaybillError).explain() })
      return z.NEVER
    }
  })

const names = () => z.array(z.string().min(1))

const config = z.object({
  keep: condition().optional().describe('CEL condition over a record: only those for which it holds are kept.'),
  drop: condition().optional().describe('CEL condition over a record: those for which it holds are taken out.'),
  includeMetrics: names().default(['*']).describe('Names of the metrics to keep; `*` stands for any characters.'),
  excludeMetrics: names().default([]).describe('Names of the metrics to take out, even if they are included.'),
})

/** The conditions are functions here; `recordCondition` makes one of CEL. */
export interface FilterProcessorOptions extends Partial<z.output<typeof config>> {
  /** Default: `filter`. */
  readonly name?: string
}

interface Rule {
  readonly role: 'keep' | 'drop'
  readonly condition: RecordCondition
  /** Whether it threw for the last batch. */
  throwing: boolean
}

/** Takes records out by the names of metrics and by conditions. A condition that throws is no match: not kept by `keep`, not taken out by `drop`. */
export class FilterProcessor implements Processor {
  readonly name: string
  readonly #named: SeriesCache<boolean>
  readonly #rules: readonly Rule[]
  #failures = 0

  constructor({ name = 'filter', keep, drop, includeMetrics = ['*'], excludeMetrics = [] }: FilterProcessorOptions = {}) {
    this.name = name
    const [isIncluded, isExcluded] = [nameMatcher(includeMetrics), nameMatcher(excludeMetrics)]
    this.#named = new SeriesCache((series) => isIncluded(series.name) && !isExcluded(series.name))
    const rule = (role: Rule['role'], condition: RecordCondition | undefined): Rule[] =>
      condition ? [{ role, condition, throwing: false }] : []
    this.#rules = [...rule('keep', keep), ...rule('drop', drop)]
  }

  /** How often a condition threw, once for each record. */
  get failures(): number {
    return this.#failures
  }

  process(batch: Batch, { log }: Context): Batch {
    const errors = new Map<Rule, Error>()
    const holds = (rule: Rule, index: number): boolean => {
      try {
        return rule.condition(batch, index)
      } catch (thrown) {
        this.#failures++
        errors.set(rule, toError(thrown))
        return false
      }
    }
    const isNamed = (index: number) => batch.signal !== 'metrics' || this.#named.get(batch.points[index]!.series)
    const isKept = (index: number) => isNamed(index) && this.#rules.every((rule) => holds(rule, index) === (rule.role === 'keep'))
    const kept = recordsOf(batch).filter((_, index) => isKept(index))
    this.#tell(errors, log)
    return withRecords(batch, kept)
  }

  /** Says of each condition that it throws when it did not for the batch before. */
  #tell(errors: ReadonlyMap<Rule, Error>, log: Log): void {
    for (const rule of this.#rules) {
      const error = errors.get(rule)
      if (error && !rule.throwing)
        log.warn('a condition failed and is taken for no match', { processor: this.name, condition: rule.role, error })
      rule.throwing = error !== undefined
    }
  }
}

/** Keeps or takes out records by what they are. */
export default defineProcessor({
  type: 'filter',
  summary: 'Takes records out, by the names of metrics and by CEL conditions.',
  signals,
  config,
  create: ({ name, config }) => new FilterProcessor({ ...config, name }),
})
