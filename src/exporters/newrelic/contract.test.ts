import { test } from 'node:test'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { identifyPoints, identityLabel, samplePoints } from '../../testing/sample-points.ts'
import { startNewRelic } from './newrelic.fixture.ts'
import { NewRelicExporter } from './newrelic.ts'

interface Body {
  readonly metrics: readonly { readonly attributes: Readonly<Record<string, string>> }[]
}

async function setup() {
  const endings: (() => unknown)[] = []
  const server = await startNewRelic({ after: (end: unknown) => endings.push(end as () => unknown) } as never)
  let stalled = false
  server.answerInstead = (response) => {
    response.setHeader('connection', 'close')
    return stalled
  }
  return {
    exporter: new NewRelicExporter(server.options),
    time: new Date(0),
    batch: (count: number, tag: string) => samplePoints(count, tag, Date.now()),
    identify: identifyPoints,
    received: async () =>
      server.taken.flatMap(({ body }) =>
        (body as Body[]).flatMap(({ metrics }) => metrics.map(({ attributes }) => attributes[identityLabel]!)),
      ),
    breakDestination: () => server.close(),
    stallDestination: async () => {
      stalled = true
    },
    close: async () => {
      await Promise.all(endings.map((end) => end()))
    },
  }
}

for (const { name, run } of exporterContract(setup)) test(`newrelic: ${name}`, run)
