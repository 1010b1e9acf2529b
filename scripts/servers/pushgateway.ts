/** The Pushgateway of Prometheus, as Debian packages it. */
import { freePort, ServerProcess } from './server-process.ts'

export interface PushgatewayOptions {
  /** Default: any that is free. */
  readonly port?: number
}

/** A group of metrics, as its API tells of it, without what the Pushgateway says of the push itself. */
export interface PushedGroup {
  readonly labels: Readonly<Record<string, string>>
  /** By name of the family. */
  readonly metrics: Readonly<Record<string, PushedFamily>>
}

export interface PushedFamily {
  readonly type: string
  readonly help: string
  /** Each with all its labels; of a gauge or counter `value`, of others their parts. */
  readonly metrics: readonly { readonly labels: Readonly<Record<string, string>>; readonly [part: string]: unknown }[]
}

export interface Pushgateway {
  readonly url: string
  readonly port: number
  groups(): Promise<readonly PushedGroup[]>
  stop(): Promise<void>
}

/** It keeps nothing when it is stopped. Rejects with the end of its output when it does not come up. */
export async function startPushgateway({ port: given }: PushgatewayOptions = {}): Promise<Pushgateway> {
  const port = given ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  const server = await ServerProcess.start({
    program: 'prometheus-pushgateway',
    args: [`--web.listen-address=127.0.0.1:${port}`, '--persistence.file='],
    ready: async () => (await fetch(`${url}/-/ready`)).ok,
  })
  return { url, port, groups: () => groupsOf(url), stop: () => server.stop() }
}

async function groupsOf(url: string): Promise<readonly PushedGroup[]> {
  const { data } = (await (await fetch(`${url}/api/v1/metrics`)).json()) as { data: readonly { labels: PushedGroup['labels'] }[] }
  return data.map(({ labels, ...rest }) => {
    const families = Object.entries(rest).filter(([name]) => !/^(last_push_|push_)/.test(name)) as [string, PushedFamily][]
    return { labels, metrics: Object.fromEntries(families.map(([name, { type, help, metrics }]) => [name, { type, help, metrics }])) }
  })
}
