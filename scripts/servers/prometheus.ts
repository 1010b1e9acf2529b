/** Prometheus, as Debian packages it: scrapes what a test exposes, takes what it writes and answers queries about it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { freePort, requireProgram, ServerProcess } from './server-process.ts'

export interface ScrapeTarget {
  readonly job: string
  /** `host:port`. */
  readonly target: string
  /** Default: `/metrics`. */
  readonly path?: string
  readonly token?: string
}

export interface PrometheusOptions {
  readonly scrape?: readonly ScrapeTarget[]
  /** For its configuration and data; one that held those of another goes on with them. */
  readonly directory: string
  /** Default: any that is free. */
  readonly port?: number
  /** Where it sends what it scrapes by remote write. */
  readonly writesTo?: string
}

export interface Prometheus {
  readonly url: string
  readonly port: number
  stop(): Promise<void>
}

/** Starts a Prometheus that scrapes every second and takes remote writes. Rejects with the end of its output when it does not come up. */
export async function startPrometheus({ scrape = [], directory, port: given, writesTo }: PrometheusOptions): Promise<Prometheus> {
  const port = given ?? (await freePort())
  const address = `127.0.0.1:${port}`
  const url = `http://${address}`
  const configuration = join(directory, 'prometheus.yml')
  const remote = writesTo === undefined ? {} : { remote_write: [remoteWriteConfig(writesTo)] }
  await writeFile(configuration, JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: scrape.map(scrapeConfig), ...remote }))
  const server = await ServerProcess.start({
    program: 'prometheus',
    args: [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=${address}`,
      '--enable-feature=exemplar-storage,native-histograms',
      '--web.enable-remote-write-receiver',
    ],
    ready: async () => (await fetch(`${url}/-/ready`)).ok,
  })
  return { url, port, stop: () => server.stop() }
}

/** JSON is YAML. */
const scrapeConfig = ({ job, target, path, token }: ScrapeTarget) => ({
  job_name: job,
  static_configs: [{ targets: [target] }],
  ...(path && { metrics_path: path }),
  ...(token && { authorization: { credentials: token } }),
})

const remoteWriteConfig = (url: string) => ({
  url,
  send_exemplars: true,
  send_native_histograms: true,
  queue_config: { batch_send_deadline: '500ms' },
  metadata_config: { send_interval: '1s' },
})

/** What `promtool check metrics` says of an exposition in the text format: nothing and 0 when it has no objection. */
export async function checkMetrics(exposition: string): Promise<{ readonly code: number; readonly output: string }> {
  requireProgram('promtool')
  const child = spawn('promtool', ['check', 'metrics'])
  child.stdin.end(exposition)
  const [out, problems, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code, output: out + problems }
}
