import { Environment } from '@marcbachmann/cel-js'
import { WaybillError } from '../core/errors.ts'
import { toError } from '../core/result.ts'

/** Names that a condition may use, with their CEL types. */
export type Variables = Readonly<Record<string, string>>

/** Whether it holds for these values. Throws when it asks for something that is not there, such as a label. */
export type Condition = (values: Readonly<Record<string, unknown>>) => boolean

const limits = { maxAstNodes: 1000, maxDepth: 50 }

/**
 * A condition in the Common Expression Language (https://cel.dev), checked against the variables that it may use.
 * Throws WaybillError `INVALID_EXPRESSION` when it does not parse, names something else, or is not true or false.
 */
export function compileCondition(text: string, variables: Variables): Condition {
  const environment = new Environment({ limits })
  for (const [name, type] of Object.entries(variables)) environment.registerVariable(name, type)
  const { valid, type, error } = environment.check(text)
  if (!valid) throw invalid(text, firstLine(toError(error)), Object.keys(variables))
  if (type !== 'bool' && type !== 'dyn') throw invalid(text, `it is a ${type}, not true or false`, [])
  const evaluate = environment.parse(text)
  return (values) => {
    const value = evaluated(values)
    if (typeof value === 'boolean') return value
    throw new Error(`${text}: it is not true or false`)
  }

  function evaluated(values: Readonly<Record<string, unknown>>): unknown {
    try {
      return evaluate(values)
    } catch (thrown) {
      throw new Error(`${text}: ${firstLine(toError(thrown))}`)
    }
  }
}

function invalid(text: string, why: string, names: readonly string[]): WaybillError {
  const hint = names.length > 0 ? `it may use ${names.join(', ')}` : 'compare it with something'
  return new WaybillError('INVALID_EXPRESSION', `${JSON.stringify(text)} is not a condition: ${why}`, { hint })
}

/** The library's messages go on with a drawing of the place. */
const firstLine = ({ message }: Error): string => message.split('\n')[0]!
