import type { z } from '../../sdk.ts'
import { ArrayFailure } from '../model/failures.ts'
import { pythonText } from './python-text.ts'

type Issue = z.core.$ZodIssue

/** The failure that tells of the first issue with a body, in the words that third parties know. No secret of the body is in it. */
export function invalidInput(body: unknown, { issues }: z.ZodError): ArrayFailure {
  const issue = issues[0]!
  const { path, message } = described(body, issue)
  const field = path.findLast((part) => typeof part === 'string')
  return new ArrayFailure('InvalidInput', [field === undefined ? message : `Invalid input for field/attribute ${field}. ${message}`])
}

function described(body: unknown, issue: Issue): { readonly path: readonly PropertyKey[]; readonly message: string } {
  const { path } = issue
  const value = at(body, path)
  if (value === undefined && path.length > 0)
    return { path: path.slice(0, -1), message: `${pythonText(path.at(-1))} is a required property` }
  return { path, message: messageOf(issue, value) }
}

function messageOf(issue: Issue, value: unknown): string {
  const shown = pythonText(value, issue.path.at(-1))
  if (issue.code === 'unrecognized_keys') {
    const were = issue.keys.length === 1 ? 'was' : 'were'
    return `Additional properties are not allowed (${issue.keys.map((key) => pythonText(key)).join(', ')} ${were} unexpected)`
  }
  if (issue.code === 'invalid_type') return `${shown} is not of type '${types[issue.expected] ?? issue.expected}'`
  if (issue.code === 'invalid_value') return `${shown} is not one of ${pythonText(issue.values)}`
  if (issue.code === 'invalid_format')
    return `${shown} does not match ${pythonText(('pattern' in issue && plain(issue.pattern)) || issue.format)}`
  const text = typeof value === 'string'
  if (issue.code === 'too_big') return text ? `${shown} is too long` : `${shown} is greater than the maximum of ${issue.maximum}`
  if (issue.code === 'too_small') {
    if (text) return issue.minimum === 1 ? `${shown} should be non-empty` : `${shown} is too short`
    return `${shown} is less than the minimum of ${issue.minimum}`
  }
  return `${shown} is not valid under any of the given schemas`
}

/** JSON Schema’s names for what zod expects. */
const types: Readonly<Record<string, string>> = { int: 'integer', number: 'integer', record: 'object' }

const plain = (pattern: unknown): string => String(pattern).replace(/^\/(.*)\/[a-z]*$/, '$1')

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, part) => (Object(inner) as Record<PropertyKey, unknown>)[part], value)
