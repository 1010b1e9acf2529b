import { test } from 'node:test'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { identifyPoints, identityLabel, samplePoints } from '../../testing/sample-points.ts'
import type { ProducedMessage } from './driver.ts'
import { fakeKafka, protocolError } from './kafka.fixture.ts'
import { KafkaExporter } from './kafka.ts'

const identityOf = ({ value }: ProducedMessage) => (JSON.parse(String(value)) as { labels: Record<string, string> }).labels[identityLabel]!

for (const { name, run } of exporterContract(async () => {
  const kafka = fakeKafka()
  return {
    exporter: new KafkaExporter({ load: kafka.load, maxMessageBytes: 1024 }),
    time: new Date(0),
    batch: samplePoints,
    identify: identifyPoints,
    received: async () => kafka.stored.map(identityOf),
    breakDestination: async () => {
      kafka.behaviour = () => {
        throw new Error('connect ECONNREFUSED')
      }
    },
    stallDestination: async () => {
      kafka.behaviour = () => new Promise(() => {})
    },
    refuseSome: async () => {
      kafka.behaviour = (messages) => {
        if (messages.some((message) => /[13579]$/.test(identityOf(message)))) throw protocolError('INVALID_RECORD')
        return true
      }
    },
  }
}))
  test(`kafka: ${name}`, run)
