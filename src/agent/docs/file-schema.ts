import type { AnyPlugin, PluginKind } from '../../core/plugin.ts'
import type { z } from '../../sdk.ts'
import { fileSchema } from '../config/schema.ts'
import { fileSchemaOf, type JsonSchema } from './json-schema.ts'

const sections: readonly (readonly [PluginKind, string])[] = [
  ['source', 'sources'],
  ['receiver', 'receivers'],
  ['processor', 'processors'],
  ['exporter', 'exporters'],
]

/** The JSON Schema of waybill.yaml for editors: with `type: file`, `config` is checked and completed as that plugin's. */
export function waybillSchema(plugins: readonly AnyPlugin[]): JsonSchema {
  const schema = fileSchemaOf(fileSchema)
  const properties: Record<string, JsonSchema> = { ...schema.properties }
  for (const [kind, section] of sections) {
    const list = properties[section]!
    const cases = plugins
      .filter((plugin) => plugin.kind === kind && plugin.config)
      .map((plugin) => ({
        if: { properties: { type: { const: plugin.type } } },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: { properties: { config: fileSchemaOf(plugin.config as z.ZodType) } },
      }))
    properties[section] = { ...list, items: { ...list.items, ...(cases.length > 0 && { allOf: cases }) } }
  }
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'waybill.yaml', ...schema, properties }
}
