import { join } from 'node:path'
import type { Lookup } from './expand.ts'
import type { Problem } from './problems.ts'

/** Where the secrets of Kubernetes are mounted unless the environment says otherwise. */
const mountedAt = '/etc/secrets'

/**
 * The value of a secret that is known by its name, as Kubernetes has them: what is in the file of that name under
 * /etc/secrets (or the directory that WAYBILL_SECRETS_DIR names), else in the environment variable DATADOG_API_KEY for
 * `datadog-api-key`. The name itself is never taken for the value.
 */
export function namedSecret(name: string, { env, readFile }: Lookup): string | Pick<Problem, 'code' | 'message' | 'hint'> {
  const variable = name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')
  const directory = env.WAYBILL_SECRETS_DIR ?? mountedAt
  const isName = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name)
  const found = isName ? (contentOf(join(directory, name), readFile) ?? env[variable]) : undefined
  if (found) return found
  return isName
    ? {
        code: 'CONFIG_UNREADABLE_SECRET',
        message: `there is no secret ${name}`,
        hint: `mount it as ${join(directory, name)}, or set ${variable}`,
      }
    : { code: 'CONFIG_INVALID_VALUE', message: 'expected the name of a secret', hint: 'letters, digits, dots, dashes and underscores' }
}

function contentOf(path: string, readFile: Lookup['readFile']): string | undefined {
  try {
    return readFile(path).trim() || undefined
  } catch {
    return undefined
  }
}
