/** What a cluster costs: by namespace, as metrics, as files, and by the hour. Asks OPENCOST_URL, or the port that OpenCost has. */
import { atWindowStart, ComputeExportController } from 'waybill'
import { FileExporter } from 'waybill/exporters/file'
import {
  KustoMetricsAdapter,
  OpenCostClient,
  OpenCostComputeSource,
  OpenCostLiveExporter,
  OpenCostMetricsCollector,
} from 'waybill/opencost'

const endpoint = process.env.OPENCOST_URL ?? 'http://localhost:9003'
const day = '2026-01-05T00:00:00Z,2026-01-06T00:00:00Z'
const say = (text: string) => process.stdout.write(`${text}\n`)

// What each namespace has cost in a day, and a file of it for Kusto, with the run that it belongs to.
const exporter = new OpenCostLiveExporter(endpoint, { run_id: 'example-001', environment: 'staging' })
for (const { name, totalCost } of await exporter.getAllocationData({ window: day, aggregate: 'namespace', includeIdle: true }))
  say(`${name}: ${totalCost?.toFixed(2)} dollars`)
say(`allocations → ${await exporter.exportLiveData({ window: day, aggregate: 'container', filename: 'costs.json' })}`)
say(`disks → ${await exporter.exportAssetsLiveData({ window: day, filterTypes: 'Disk', filename: 'disks.json' })}`)
await exporter.close()

// Its metrics, in the three forms that Kusto has tables for.
const collector = new OpenCostMetricsCollector('', 0, { url: endpoint })
const metrics = await collector.collectMetrics()
const files = await new KustoMetricsAdapter(metrics).saveAllFormats()
await collector.close()
say(`${metrics.metadata.total_metrics} metrics → ${Object.values(files).join(', ')}`)

// Every hour of the day, each in a batch of its own; `start('5m')` would go on with every hour from now on.
const source = new OpenCostComputeSource([{ client: new OpenCostClient({ endpoint }) }], { data: 'allocations', aggregate: 'namespace' })
const hours = new ComputeExportController({
  source,
  exporter: atWindowStart(new FileExporter({ outputDirectory: 'hours' })),
  resolution: '1h',
  sourceResolution: '1m',
})
const [from, to] = day.split(',').map((text) => new Date(text)) as [Date, Date]
const { exported, total } = await hours.backfill(from, to)
say(`${exported} of ${total} hours → hours/`)
await source.stop()
