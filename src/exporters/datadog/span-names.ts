import { attributeText } from '../../codecs/prometheus-text/labels.ts'
import type { Span } from '../../sdk.ts'

export interface SpanNames {
  /** The kind of operation, of which there are few. */
  readonly name: string
  /** What it was done to. */
  readonly resource: string
  /** The kind of service. */
  readonly type: string
}

/** What Datadog calls a span, by the semantic conventions of OpenTelemetry for HTTP, databases, messaging and RPC. */
export function spanNames({ name: spanName, kind = 'internal', attributes = {} }: Span): SpanNames {
  const first = (...names: readonly string[]) => names.map((name) => attributeText(attributes[name])).find((text) => text !== '')
  const method = first('http.request.method', 'http.method')
  const outward = kind === 'client' ? 'client' : kind === 'server' ? 'server' : undefined
  if (method && outward) {
    const route = first('http.route')
    return {
      name: `http.${outward}.request`,
      resource: route ? `${method} ${route}` : spanName,
      type: kind === 'server' ? 'web' : 'http',
    }
  }
  const database = first('db.system.name', 'db.system')
  if (database && kind === 'client')
    return {
      name: `${database}.query`,
      resource: first('db.query.text', 'db.statement') ?? spanName,
      type: database === 'redis' ? 'cache' : 'db',
    }
  const [messaging, operation] = [first('messaging.system'), first('messaging.operation.name', 'messaging.operation')]
  if (messaging && operation) return { name: `${messaging}.${operation}`, resource: spanName, type: 'queue' }
  const rpc = first('rpc.system')
  if (rpc && outward) return { name: `${rpc}.${outward}.request`, resource: spanName, type: outward === 'server' ? 'web' : 'http' }
  return { name: outward ? `${outward}.request` : kind, resource: spanName, type: kind === 'server' ? 'web' : 'custom' }
}
