/** Prometheus, as Debian packages it: scrapes what a test exposes and answers queries about it. */
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
  readonly scrape: readonly ScrapeTarget[]
  /** An empty folder, for its configuration and data. */
  readonly directory: string
}

export interface Prometheus {
  readonly url: string
  stop(): Promise<void>
}

/** Starts a Prometheus that scrapes every second. Rejects with the end of its output when it does not come up. */
export async function startPrometheus({ scrape, directory }: PrometheusOptions): Promise<Prometheus> {
  const address = `127.0.0.1:${await freePort()}`
  const url = `http://${address}`
  const configuration = join(directory, 'prometheus.yml')
  await writeFile(configuration, JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: scrape.map(scrapeConfig) }))
  const server = await ServerProcess.start({
    program: 'prometheus',
    args: [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=${address}`,
      '--enable-feature=exemplar-storage',
    ],
    ready: async () => (await fetch(`${url}/-/ready`)).ok,
  })
  return { url, stop: () => server.stop() }
}

/** JSON is YAML. */
const scrapeConfig = ({ job, target, path, token }: ScrapeTarget) => ({
  job_name: job,
  static_configs: [{ targets: [target] }],
  ...(path && { metrics_path: path }),
  ...(token && { authorization: { credentials: token } }),
})

/** What `promtool check metrics` says of an exposition in the text format: nothing and 0 when it has no objection. */
export async function checkMetrics(exposition: string): Promise<{ readonly code: number; readonly output: string }> {
  requireProgram('promtool')
  const child = spawn('promtool', ['check', 'metrics'])
  child.stdin.end(exposition)
  const [out, problems, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code, output: out + problems }
}
