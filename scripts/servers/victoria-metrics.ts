/** VictoriaMetrics, as Debian packages it: takes remote writes, InfluxDB's lines and what Datadog's agents send, and answers the queries of Prometheus. */
import { freePort, ServerProcess } from './server-process.ts'

export interface VictoriaMetricsOptions {
  /** For its data; one that held those of another goes on with them. */
  readonly directory: string
  /** Default: any that is free. */
  readonly port?: number
}

export interface VictoriaMetrics {
  readonly url: string
  readonly port: number
  /** Makes what was written visible to queries. */
  flush(): Promise<void>
  stop(): Promise<void>
}

/** Rejects with the end of its output when it does not come up. */
export async function startVictoriaMetrics({ directory, port: given }: VictoriaMetricsOptions): Promise<VictoriaMetrics> {
  const port = given ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  const server = await ServerProcess.start({
    program: 'victoria-metrics',
    args: [
      `-storageDataPath=${directory}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      '-search.latencyOffset=0s',
      '-search.disableCache',
      // What is sent twice is one point, as with Prometheus and InfluxDB.
      '-dedup.minScrapeInterval=1ms',
      '-retentionPeriod=10y',
    ],
    ready: async () => (await fetch(`${url}/health`)).ok,
  })
  const flush = async () => {
    await fetch(`${url}/internal/force_flush`)
  }
  return { url, port, flush, stop: () => server.stop() }
}
