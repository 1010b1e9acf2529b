import { parseAllDocuments } from 'yaml'
import type { z } from 'zod'

export interface Read<Value> {
  readonly values: readonly Value[]
  readonly problems: readonly string[]
}

/** The documents of a YAML file that are what the schema says. */
export function readYaml<Schema extends z.ZodType>(text: string, path: string, schema: Schema): Read<z.output<Schema>> {
  const values: z.output<Schema>[] = []
  const problems: string[] = []
  for (const document of parseAllDocuments(text)) {
    const faults = [...document.errors, ...document.warnings]
    problems.push(...faults.map(({ message }) => `${path}: ${message.split('\n')[0]}`))
    if (faults.length > 0) continue
    const { success, data, error } = schema.safeParse(document.toJS())
    if (success) values.push(data)
    else problems.push(...error.issues.map((issue) => `${path}: ${issue.path.join('.')}: ${issue.message}`))
  }
  return { values, problems }
}
