import { toSnake } from './names.ts'
import type { Problem } from './problems.ts'
import { exporterSchema } from './schema.ts'
import { shapeOf } from './shape.ts'
import { spellingsOf } from './spellings.ts'

/** What an exporter has of its own; its other keys are those of any component. */
const sections = ['buffer', 'retry', 'circuitBreaker', 'monitor', 'filters', 'debug'] as const

/** Where a key belongs that is of every exporter, and not of its plugin: `batch_size` in `buffer`. Undefined for any other key. */
function placeOf(key: string): string | undefined {
  if (['timeout', 'fallback', 'deadLetter'].includes(spellingsOf(exporterSchema.shape).get(key)?.key ?? '')) return key
  const section = key === 'type' ? undefined : sections.find((name) => spellingsOf(shapeOf(exporterSchema.shape[name])!).has(key))
  return section && `${toSnake(section)}.${key}`
}

/** The problem of an exporter's `config`; of a key that is unknown there since it belongs beside it, with the place where it does. */
export function withPlace(problem: Problem): Problem {
  const [, , , key, ...below] = problem.path
  const place = problem.code === 'CONFIG_UNKNOWN_KEY' && below.length === 0 ? placeOf(String(key)) : undefined
  return place === undefined ? problem : { ...problem, hint: `write it beside config, not in it: ${place}` }
}
