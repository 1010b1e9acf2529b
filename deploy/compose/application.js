// An application that exposes a metric of its own with the library, as `node application.js` in a folder where waybill is installed.
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createContext, metrics, series, waitForSignal } from 'waybill'
import { PrometheusExporter } from 'waybill/exporters/prometheus'

const context = createContext()
const token = readFileSync(process.env.TOKEN_FILE ?? '/run/secrets/waybill-token', 'utf8').trim()
const exporter = new PrometheusExporter({ listen: ':9464', token })
await exporter.start(context)

const delay = monitorEventLoopDelay()
delay.enable()
const slowest = series('example.event_loop.delay.max', {}, { kind: 'gauge', unit: 's' })
const timer = setInterval(async () => {
  const time = new Date()
  await exporter.export(time, metrics([{ series: slowest, timeMs: time.getTime(), value: delay.max / 1e9 }]), context)
  delay.reset()
}, 1000)

await waitForSignal()
clearInterval(timer)
await exporter.stop(context)
