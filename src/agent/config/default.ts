/** What `waybill run` does when it is given no file. */
export const defaultConfig = `# This machine's own metrics, every second, to three places.
sources:
  - { name: host, type: system, interval: 1s }
exporters:
  - { name: file, type: file, config: { retention: { max_total_size: 1GB } } }
  - { name: database, type: database, config: { retention: { max_age: 3d } } }
  - { name: prometheus, type: prometheus, config: { listen: "127.0.0.1:9464" } }
pipelines:
  - { name: host-metrics, from: [host], to: [file, database, prometheus] }
`
