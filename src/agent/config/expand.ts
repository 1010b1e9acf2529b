import { toError } from '../../core/result.ts'
import type { Problem } from './problems.ts'

/** Where variables and secret files come from. */
export interface Lookup {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The text of a file; throws when it cannot be read. */
  readFile(path: string): string
}

export interface Expanded {
  readonly value: string
  readonly errors: readonly Pick<Problem, 'code' | 'message' | 'hint'>[]
}

const variable = /\$\$\{|\$\{([^}]*)\}/g

/**
 * Replaces `${env:NAME}`, `${env:NAME:-default}` and `${file:/path}` (whose last line break goes); `$${` stands for `${`.
 * The errors never tell a value.
 */
export function expand(text: string, lookup: Lookup): Expanded {
  const errors: Pick<Problem, 'code' | 'message' | 'hint'>[] = []
  const value = text.replace(variable, (whole, inner: string | undefined) => {
    if (inner === undefined) return '${'
    const env = /^env:([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s.exec(inner)
    if (env) return fromEnv(env[1]!, env[2])
    const file = /^file:(.+)$/s.exec(inner)
    if (file) return fromFile(file[1]!)
    errors.push({
      code: 'CONFIG_UNDEFINED_VARIABLE',
      message: `${whole} is not a variable`,
      hint: 'write ${env:NAME}, ${env:NAME:-default} or ${file:/path}, and $${ for a plain ${',
    })
    return ''
  })
  return { value, errors }

  function fromEnv(name: string, fallback: string | undefined): string {
    const found = lookup.env[name] ?? fallback
    if (found !== undefined) return found
    errors.push({
      code: 'CONFIG_UNDEFINED_VARIABLE',
      message: `the environment variable ${name} is not set`,
      hint: `set it, or give a default: \${env:${name}:-…}`,
    })
    return ''
  }

  function fromFile(path: string): string {
    try {
      const content = lookup.readFile(path).replace(/\r?\n$/, '')
      if (content !== '') return content
      errors.push({ code: 'CONFIG_UNREADABLE_SECRET', message: `the file ${path} is empty`, hint: 'write the value into it' })
    } catch (thrown) {
      const { code = 'unreadable' } = toError(thrown) as NodeJS.ErrnoException
      errors.push({
        code: 'CONFIG_UNREADABLE_SECRET',
        message: `cannot read the file ${path} (${code})`,
        hint: 'check that it exists and that this user may read it',
      })
    }
    return ''
  }
}
