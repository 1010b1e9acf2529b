import type { Destination } from './destinations.ts'

/** The names of the exporters, and so of where records arrive. */
export const destinations = ['http', 'remote-write'] as const

/** An agent that takes records at two ports and hands each to both destinations, through buffers on disk. */
export const configOf = (ports: readonly [number, number], [http, remoteWrite]: readonly Destination[]): string => `
api: { listen: "127.0.0.1:0" }
receivers:
  - { name: posted, type: http, config: { listen: "127.0.0.1:${ports[0]}" } }
  - { name: written, type: prometheus_remote_write, config: { listen: "127.0.0.1:${ports[1]}" } }
exporters:
  - name: http
    type: http
    config: { endpoint: "${http!.url}", timeout: 1s }
    buffer: { type: disk, batch_size: 2000, compress: true, concurrency: 4 }
    retry: { max_retries: 1, initial_delay: 100ms }
  - name: remote-write
    type: prometheus_remote_write
    config: { url: "${remoteWrite!.url}", timeout: 1s }
    buffer: { type: disk, batch_size: 500, concurrency: 4, encryption_key: "${'c4'.repeat(32)}" }
    retry: { max_retries: 1, initial_delay: 100ms }
pipelines:
  - { name: all, from: [posted, written], signals: [metrics], to: [http, remote-write], require: all }
`
