import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OpenCostClient, OpenCostLiveExporter, OpenCostSimulator } from './index.ts'

test('001-49 001-54 the door is enough to read what a simulated OpenCost has', async (t) => {
  const simulator = new OpenCostSimulator({ namespaces: 3, pods: 10, nodes: 2, seed: 7 })
  const endpoint = await simulator.listen(0)
  t.after(() => simulator.close())
  const client = new OpenCostClient({ endpoint })
  const costs = new Map<string, number>()
  for await (const allocations of await client.allocations({ window: '1h', aggregate: 'namespace', includeIdle: true }))
    for (const { name, totalCost } of allocations) costs.set(name, totalCost ?? 0)
  assert.ok(costs.has('kube-system') && costs.has('__idle__'))
  await client.close()
  const exporter = new OpenCostLiveExporter(endpoint)
  assert.equal((await exporter.getAllocationData({ aggregate: 'namespace' })).length, costs.size - 1)
  await exporter.close()
})
