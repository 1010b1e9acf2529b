import { test } from 'node:test'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { alert, alerts, startAlertmanager } from './alertmanager.fixture.ts'
import { AlertmanagerExporter } from './alertmanager.ts'

async function setup() {
  const endings: (() => unknown)[] = []
  const server = await startAlertmanager({ after: (end: unknown) => endings.push(end as () => unknown) } as never)
  let stalled = false
  server.answerInstead = (response) => {
    response.setHeader('connection', 'close')
    return stalled
  }
  return {
    exporter: new AlertmanagerExporter({ url: server.url }),
    time: new Date(0),
    batch: (count: number, tag: string) => alerts(...Array.from({ length: count }, (_, n) => alert(`${tag}-${n}`))),
    identify: ({ alerts: given }: ReturnType<typeof alerts>) => given.map(({ id }) => id),
    received: async () => server.taken.map(({ labels }) => labels.alert_id!),
    breakDestination: () => server.close(),
    stallDestination: async () => {
      stalled = true
    },
    refuseSome: async () => {
      server.refuse = ({ labels }) => /[147]$/.test(labels.alert_id!)
    },
    close: async () => {
      await Promise.all(endings.map((end) => end()))
    },
  }
}

for (const { name, run } of exporterContract(setup)) test(`alertmanager: ${name}`, run)
