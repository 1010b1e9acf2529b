/** Alertmanager of Prometheus, as Debian packages it: takes alerts, tells of those that fire, and notifies a web hook of all. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort, ServerProcess } from './server-process.ts'

export interface AlertmanagerOptions {
  /** For its configuration and what it has notified; one that held those of another goes on with them. */
  readonly directory: string
  /** Where it posts notifications of alerts that fire or are resolved, a second at most after it heard of them, a request for each name. */
  readonly webhook: string
  /** Default: any that is free. */
  readonly port?: number
}

/** An alert as its API and its web hook tell of it, as far as they say the same. */
export interface ToldAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** RFC 3339. */
  readonly startsAt: string
  readonly endsAt: string
  readonly generatorURL: string
}

export interface Alertmanager {
  readonly url: string
  readonly port: number
  /** Those that fire. */
  alerts(): Promise<readonly ToldAlert[]>
  stop(): Promise<void>
}

/** It forgets alerts when it is stopped, but not which it has notified. Rejects with the end of its output when it does not come up. */
export async function startAlertmanager({ directory, webhook, port: given }: AlertmanagerOptions): Promise<Alertmanager> {
  const port = given ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  const configuration = join(directory, 'alertmanager.yml')
  await writeFile(configuration, JSON.stringify(configurationOf(webhook)))
  const server = await ServerProcess.start({
    program: 'prometheus-alertmanager',
    args: [
      `--config.file=${configuration}`,
      `--storage.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    ready: async () => (await fetch(`${url}/-/ready`)).ok,
  })
  const alerts = async () => (await (await fetch(`${url}/api/v2/alerts`)).json()) as readonly ToldAlert[]
  return { url, port, alerts, stop: () => server.stop() }
}

/** JSON is YAML. */
const configurationOf = (webhook: string) => ({
  route: { receiver: 'test', group_by: ['alertname'], group_wait: '500ms', group_interval: '1s', repeat_interval: '1d' },
  receivers: [{ name: 'test', webhook_configs: [{ url: webhook, send_resolved: true }] }],
})
