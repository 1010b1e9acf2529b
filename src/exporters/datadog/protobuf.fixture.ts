/** An independent reader of what is sent in Protocol Buffers: protobufjs, by the field numbers that Datadog publishes. */
import protobuf from 'protobufjs'

const message = (fields: Readonly<Record<string, readonly [id: number, type: string, rule?: 'repeated']>>) => ({
  fields: Object.fromEntries(Object.entries(fields).map(([name, [id, type, rule]]) => [name, { id, type, ...(rule && { rule }) }])),
})
const map = (id: number, type: string) => ({ id, keyType: 'string', type })

const root = protobuf.Root.fromJSON({
  nested: {
    MetricPayload: message({ series: [1, 'Series', 'repeated'] }),
    Series: message({
      resources: [1, 'Resource', 'repeated'],
      metric: [2, 'string'],
      tags: [3, 'string', 'repeated'],
      points: [4, 'Point', 'repeated'],
      type: [5, 'MetricType'],
      unit: [6, 'string'],
      sourceTypeName: [7, 'string'],
      interval: [8, 'int64'],
    }),
    Resource: message({ type: [1, 'string'], name: [2, 'string'] }),
    Point: message({ value: [1, 'double'], timestamp: [2, 'int64'] }),
    MetricType: { values: { GAUGE: 0, COUNT: 1, RATE: 2 } },
    AgentPayload: message({ hostName: [1, 'string'], env: [2, 'string'], tracerPayloads: [5, 'TracerPayload', 'repeated'] }),
    TracerPayload: message({
      chunks: [6, 'TraceChunk', 'repeated'],
      env: [8, 'string'],
      hostname: [9, 'string'],
      appVersion: [10, 'string'],
    }),
    TraceChunk: message({ priority: [1, 'int32'], origin: [2, 'string'], spans: [3, 'Span', 'repeated'], droppedTrace: [5, 'bool'] }),
    Span: {
      fields: {
        ...message({
          service: [1, 'string'],
          name: [2, 'string'],
          resource: [3, 'string'],
          traceID: [4, 'uint64'],
          spanID: [5, 'uint64'],
          parentID: [6, 'uint64'],
          start: [7, 'int64'],
          duration: [8, 'int64'],
          error: [9, 'int32'],
          type: [12, 'string'],
          spanLinks: [14, 'SpanLink', 'repeated'],
        }).fields,
        meta: map(10, 'string'),
        metrics: map(11, 'double'),
      },
    },
    SpanLink: {
      fields: {
        ...message({ traceID: [1, 'uint64'], traceIDHigh: [2, 'uint64'], spanID: [3, 'uint64'], tracestate: [5, 'string'] }).fields,
        attributes: map(4, 'string'),
      },
    },
  },
} as protobuf.INamespace)

/** The message as an object; integers of 64 bits are decimal texts, enumerations their names. */
export function readMessage(name: 'MetricPayload' | 'AgentPayload', bytes: Uint8Array): object {
  const type = root.lookupType(name)
  return type.toObject(type.decode(bytes), { longs: String, enums: String })
}
