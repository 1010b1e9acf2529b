import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { createContext } from '../core/index.ts'
import { ManualClock } from '../testing/index.ts'

/** A Saturday. */
export const nowMs = Date.UTC(2026, 10, 21, 5, 38, 50, 250)

/** A server that ends with the test; `requests` are those that came. */
export async function startServer(t: TestContext, answer: RequestListener) {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

/** Answers everything with this. */
export const answering =
  (body: unknown, status = 200, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))

/** The time of the tests, in which waiting takes none; `warnings` are what was said. */
export function testContext() {
  const warnings: string[] = []
  const clock = new (class extends ManualClock {
    override async sleep(ms: number): Promise<void> {
      slept.push(ms)
    }
  })(nowMs)
  const slept: number[] = []
  const log = { debug() {}, info() {}, warn: (message: string) => void warnings.push(message), error() {}, child: () => log }
  return { context: createContext({ clock, log, random: () => 1 }), warnings, slept }
}

/** An allocation with every number that a row has, each of its own. */
export const allocation = {
  name: 'web/main',
  properties: {
    cluster: 'one',
    node: 'node-1',
    namespace: 'shop',
    controller: 'web',
    controllerKind: 'deployment',
    pod: 'web-1',
    container: 'main',
    labels: { app: 'wé"b' },
  },
  window: { start: '2026-11-21T05:00:00Z', end: '2026-11-21T06:00:00Z' },
  start: '2026-11-21T05:00:00Z',
  end: '2026-11-21T05:38:00Z',
  minutes: 38,
  cpuCores: 0.1,
  cpuCoreRequestAverage: 0.1,
  cpuCoreHours: 0.06333,
  cpuCost: 0.002,
  cpuEfficiency: null,
  ramBytes: 1048576.5,
  ramByteHours: 664098.1,
  ramCost: 0.0001,
  ramEfficiency: 1,
  gpuCount: 2,
  gpuHours: 1.26667,
  gpuCost: 1.2,
  networkCost: 0.01,
  loadBalancerCost: 0.02,
  pvCost: 0.03,
  pvs: null,
  externalCost: 0.04,
  sharedCost: 0.05,
  totalCost: 1.3521,
  totalEfficiency: 0.5,
} as const

export const disk = {
  type: 'Disk',
  properties: {
    category: 'Storage',
    provider: 'GCP',
    account: 'a-1',
    project: 'p-1',
    service: 'Kubernetes',
    cluster: 'one',
    name: 'disk-1',
    providerID: 'id-1',
  },
  labels: {},
  window: { start: '2026-11-21T05:00:00Z', end: '2026-11-21T06:00:00Z' },
  start: '2026-11-21T05:00:00Z',
  end: '2026-11-21T05:38:00Z',
  minutes: 38,
  bytes: 8589934592,
  byteUsageMax: null,
  breakdown: { idle: 0.9, other: 0, system: 0.1, user: 0 },
  adjustment: -0.01,
  totalCost: 0.065973,
} as const

export const node = {
  type: 'Node',
  properties: {
    category: 'Compute',
    provider: 'GCP',
    project: 'p-1',
    service: 'Kubernetes',
    cluster: 'one',
    name: 'node-1',
    providerID: 'id-2',
  },
  labels: { topology_kubernetes_io_region: 'north', zone: 'a' },
  start: '2026-11-21T05:10:00Z',
  end: '2026-11-21T06:00:00Z',
  minutes: 50,
  cpuBreakdown: { idle: 1, other: 0, system: 0, user: 0 },
  ramBreakdown: { idle: 0.5, other: 0, system: 0, user: 0.5 },
  adjustment: 0,
  totalCost: 0.466114,
} as const

export const management = {
  type: 'ClusterManagement',
  properties: { category: 'Management', provider: 'GCP' },
  labels: null,
  minutes: 60,
  totalCost: 0.1,
} as const

export const allocationReply = { code: 200, status: 'success', data: [{ 'web/main': allocation }] }
export const assetsReply = { code: 200, status: 'success', data: { 'k/disk': disk, 'k/node': node, 'k/management': management } }
