import type { z } from 'zod'
import type { Lookup } from './expand.ts'
import { namedSecret } from './named-secret.ts'
import { closest, suggest, toSnake } from './names.ts'
import type { Path, Problem } from './problems.ts'
import { salvage } from './salvage.ts'
import { metaOf, spellingsOf } from './spellings.ts'

/** For values in which no secret can be named. */
const noLookup: Lookup = { env: {}, readFile: () => '' }

/** Any zod schema, seen by what it is made of. */
interface Definition {
  readonly type: string
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly catchall?: z.ZodType
  readonly innerType?: z.ZodType
  readonly in?: z.ZodType
  readonly element?: z.ZodType
  readonly valueType?: z.ZodType
  readonly options?: readonly z.ZodType[]
  /** Of a literal. */
  readonly values?: readonly unknown[]
}

const definition = (schema: z.ZodType): Definition => schema._zod.def as unknown as Definition

/** The schema inside `optional`, `default`, `nullable`, `pipe` and their like. */
export function unwrap(schema: z.ZodType): z.ZodType {
  const { innerType, in: input } = definition(schema)
  const inner = innerType ?? input
  return inner ? unwrap(inner) : schema
}

/** The keys of an object schema; undefined for any other. */
export const shapeOf = (schema: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined => definition(unwrap(schema)).shape

export interface Checked<T> {
  /** When there are problems, what could be saved of it; undefined when nothing could. */
  readonly value: T | undefined
  readonly problems: readonly Problem[]
}

/**
 * Checks a value read from YAML against a schema written in camelCase: keys of objects are translated from snake_case and
 * their aliases, an unknown one is a problem of its own (with what was probably meant), and zod's issues are told with the file's own paths.
 * `lookup` is where secrets are found that are there by their name.
 */
export function check<T>(schema: z.ZodType<T>, value: unknown, path: Path = [], lookup: Lookup = noLookup): Checked<T> {
  const problems: Problem[] = []
  const written = new Map<string, Path>()
  const translated = translate(schema, value, path, [])
  const parsed = schema.safeParse(translated, { reportInput: true })
  for (const issue of parsed.error?.issues ?? []) {
    const at = issue.path.filter((part) => typeof part !== 'symbol')
    problems.push(describe(issue, pathOf(at)))
  }
  return { value: parsed.success ? parsed.data : salvage(schema, translated), problems }

  function translate(schema: z.ZodType, value: unknown, path: Path, camel: Path): unknown {
    written.set(JSON.stringify(camel), path)
    const { type, shape, catchall, element, valueType, options } = definition(unwrap(schema))
    if (typeof value === 'number' && value !== 0 && metaOf(schema).title === 'duration')
      problems.push({ code: 'CONFIG_INVALID_VALUE', path, message: `${value} of what? A duration has its unit`, hint: `such as ${value}s` })
    if (Array.isArray(value)) return element ? value.map((item, i) => translate(element, item, [...path, i], [...camel, i])) : value
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value)
    if (type === 'record' && valueType)
      return Object.fromEntries(entries.map(([key, item]) => [key, translate(valueType, item, [...path, key], [...camel, key])]))
    if (type === 'union' && options) return translate(bestOption(options, value), value, path, camel)
    if (!shape) return value
    const spellings = spellingsOf(shape)
    const out: Record<string, unknown> = {}
    for (const [key, item] of entries) {
      const known = spellings.get(key)
      if (known && known.key in out)
        problems.push({
          code: 'CONFIG_INVALID_VALUE',
          path: [...path, key],
          ofKey: true,
          message: `this is another name of ${toSnake(known.key)}, which is there too`,
          hint: 'leave one of them out',
        })
      else if (known?.named) out[known.key] = secretOf(item, [...path, key], [...camel, known.key])
      else if (known) out[known.key] = translate(shape[known.key]!, known.read(item), [...path, key], [...camel, known.key])
      else if (catchall && definition(catchall).type !== 'never') out[key] = item
      else
        problems.push({
          code: 'CONFIG_UNKNOWN_KEY',
          path: [...path, key],
          ofKey: true,
          message: 'unknown key',
          hint: suggest(key, Object.keys(shape).map(toSnake)),
        })
    }
    return out
  }

  /** The secret of that name. */
  function secretOf(name: unknown, path: Path, camel: Path): unknown {
    written.set(JSON.stringify(camel), path)
    if (typeof name !== 'string') return name
    const found = namedSecret(name, lookup)
    if (typeof found === 'string') return found
    problems.push({ ...found, path })
    return ''
  }

  /** The path as written: translated parts as they stand in the file, the rest (a key that is missing) in snake_case. */
  function pathOf(camel: Path): Path {
    for (let length = camel.length; length >= 0; length--) {
      const known = written.get(JSON.stringify(camel.slice(0, length)))
      if (known) return [...known, ...camel.slice(length).map((part) => (typeof part === 'string' ? toSnake(part) : part))]
    }
    return path
  }
}

/** Of a union's schemas the one whose fixed values the value has, and that knows most of its keys. */
function bestOption(options: readonly z.ZodType[], value: object): z.ZodType {
  const fits = (option: z.ZodType) => {
    let score = 0
    for (const [key, field] of Object.entries(shapeOf(option) ?? {})) {
      const given = (value as Record<string, unknown>)[toSnake(key)]
      if (given !== undefined) score += definition(unwrap(field)).values?.includes(given) ? 1000 : 1
    }
    return score
  }
  return options.reduce((best, option) => (fits(option) > fits(best) ? option : best))
}

function describe(issue: z.core.$ZodIssue, path: Path): Problem {
  const { message, hint } = explain(issue)
  return { code: 'CONFIG_INVALID_VALUE', path, message, ...(hint && { hint }) }
}

const named: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
}

function explain(issue: z.core.$ZodIssue): { message: string; hint?: string } {
  const got = shown(issue.input)
  if (issue.code === 'invalid_type')
    return issue.input === undefined
      ? { message: `missing; expected ${named[issue.expected] ?? issue.expected}` }
      : { message: `expected ${named[issue.expected] ?? issue.expected}, not ${got}` }
  if (issue.code === 'invalid_value') return oneOf(issue.values.map(String), issue.input)
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined && 'options' in issue) {
    const given = (issue.input as Readonly<Record<string, unknown>>)[issue.discriminator]
    return oneOf((issue.options as readonly unknown[]).map(String), given)
  }
  if (issue.code === 'too_small')
    return {
      message: `${got} is too ${issue.origin in counted ? 'short' : 'small'}: ${bound('more than', 'at least', issue, issue.minimum)}`,
    }
  if (issue.code === 'too_big')
    return {
      message: `${got} is too ${issue.origin in counted ? 'long' : 'large'}: ${bound('less than', 'at most', issue, issue.maximum)}`,
    }
  if (issue.code === 'invalid_union')
    return { message: issue.errors.flat()[0] ? `expected ${unionOf(issue.errors)}, not ${got}` : issue.message }
  return { message: issue.message }
}

function oneOf(values: readonly string[], given: unknown): { message: string; hint?: string } {
  const expected = `expected ${values.join(' or ')}`
  if (given === undefined) return { message: `missing; ${expected}` }
  const meant = closest(String(given), values)
  return { message: `${expected}, not ${shown(given)}`, ...(meant && { hint: `did you mean ${meant}?` }) }
}

const counted: Readonly<Record<string, string>> = { string: ' characters', array: ' items', set: ' items' }

const bound = (without: string, within: string, { origin, inclusive }: { origin: string; inclusive?: boolean }, limit: number | bigint) =>
  `it must ${origin in counted ? 'have' : 'be'} ${inclusive === false ? without : within} ${limit}${counted[origin] ?? ''}`

function unionOf(errors: readonly (readonly z.core.$ZodIssue[])[]): string {
  return errors
    .flat()
    .map((issue) =>
      issue.code === 'invalid_type'
        ? (named[issue.expected] ?? issue.expected)
        : issue.code === 'invalid_value'
          ? issue.values.join(', ')
          : issue.message,
    )
    .join(' or ')
}

/** What stands there, without telling what might be a secret. */
function shown(value: unknown): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  return typeof value === 'string' ? 'text' : `the ${typeof value} ${value}`
}
