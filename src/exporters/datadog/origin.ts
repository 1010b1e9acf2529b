import { attributeText } from '../../codecs/prometheus-text/labels.ts'
import type { Attributes, Resource } from '../../sdk.ts'

/** What Datadog calls the service, environment and version of something (unified service tagging), and its host. */
export interface Origin {
  readonly service?: string | undefined
  readonly env?: string | undefined
  readonly version?: string | undefined
  readonly host?: string | undefined
}

/** By the semantic conventions of OpenTelemetry, the older names too. */
const attributes = {
  service: ['service.name'],
  env: ['deployment.environment.name', 'deployment.environment'],
  version: ['service.version'],
  host: ['host.name'],
} as const

/** As the resource says, else as the defaults do. */
export function originOf(resource: Resource | undefined, defaults: Origin = {}): Origin {
  const found: Record<string, string> = {}
  for (const [key, names] of Object.entries(attributes)) {
    const value = names.map((name) => attributeText(resource?.attributes[name])).find((text) => text !== '')
    if (value !== undefined) found[key] = value
  }
  return { ...defaults, ...found }
}

/** Attributes that are said by what `originOf` gives. */
const said = new Set<string>(Object.values(attributes).flat())

export const otherAttributes = (resource: Resource | undefined): Attributes =>
  Object.fromEntries(Object.entries(resource?.attributes ?? {}).filter(([name]) => !said.has(name)))

/** `service`, `env` and `version` as tags. */
export const originTags = ({ service, env, version }: Origin): string[] =>
  Object.entries({ service, env, version }).flatMap(([name, value]) => (value === undefined ? [] : [`${name}:${value}`]))
