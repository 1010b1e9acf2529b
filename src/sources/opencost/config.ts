import { defaultEndpoint, endpointOf } from '../../opencost/client.ts'
import { chooseLevels } from '../../opencost/levels.ts'
import { kustoSchemas } from '../../opencost/tables.ts'
import { parseWindow } from '../../opencost/window.ts'
import { duration, secret, toError, WaybillError, z } from '../../sdk.ts'

/** Takes what `check` does not throw for. */
const checked = (check: (text: string) => unknown) =>
  z.string().superRefine((text, context) => {
    try {
      check(text)
    } catch (thrown) {
      context.addIssue({ code: 'custom', message: thrown instanceof WaybillError ? thrown.explain() : toError(thrown).message })
    }
  })

const reached = {
  endpoint: checked(endpointOf).default(defaultEndpoint).describe('Address of the API of OpenCost.'),
  token: secret().optional().describe('Token to send as a bearer.'),
}

/** What stands under `config:`. */
export const config = z
  .strictObject({
    ...reached,
    cluster: z.string().min(1).optional().describe('Name of the cluster, for the column Cluster. Default: what OpenCost says.'),
    clusters: z
      .array(z.strictObject({ name: z.string().min(1).describe('Name of the cluster.'), ...reached }))
      .min(1)
      .optional()
      .describe('Several OpenCosts in place of one: all in one table, each with its name in the column Cluster.'),
    data: z.enum(['allocations', 'assets']).default('allocations').describe('What workloads cost, or what the infrastructure does.'),
    as: z.enum(['rows', 'metrics']).default('rows').describe('Rows of a table, or metrics.'),
    window: checked((text) => parseWindow(text, 0))
      .default('1h')
      .describe('The span of time that is asked about at every interval; `windows` of the source, beside this, asks about each span once.'),
    aggregate: z.string().optional().describe('What costs are added up by. Default: container, or of assets type.'),
    includeIdle: z.boolean().default(false).describe('Whether to have capacity that nobody asked for, as `__idle__`.'),
    shareIdle: z.boolean().default(false).describe('Whether to spread its cost over the workloads.'),
    filter: z.string().min(1).optional().describe('In OpenCost\'s own language, such as `namespace:"web"`.'),
    filterTypes: z.array(z.string().min(1)).default([]).describe('Only assets of these types, such as Disk.'),
    labels: z
      .array(z.string().min(1))
      .default([])
      .describe('Labels of Kubernetes that become columns `Label_<name>`, or labels of the metrics.'),
    metadata: z.record(z.string().min(1), z.string()).default({}).describe('Columns that are the same in every row, by name.'),
    kustoSchema: z
      .enum(kustoSchemas)
      .default('v1')
      .describe('Where metadata goes: a column `_<name>` each (v1), or RunId, ScenarioName and Metadata (v2).'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'must be three capital letters')
      .default('USD')
      .describe('The currency that OpenCost is set to: the unit of metrics.'),
    settle: duration().prefault('10m').describe('How long after the end of a span OpenCost knows all of it.'),
    timeout: duration().prefault('5m').describe('How long OpenCost may be silent.'),
    retries: z.int().min(0).max(100).default(2).describe('How often to ask again within one interval.'),
    headers: z.record(z.string().min(1), z.string()).default({}).describe('Headers to send.'),
    ca: z.string().min(1).optional().describe('A file of certificates (PEM) to trust.'),
    insecure: z.boolean().default(false).describe('Whether to take any certificate.'),
  })
  .superRefine(({ clusters, cluster, data, aggregate }, context) => {
    const issue = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
    if (clusters && cluster !== undefined) issue('cluster', 'names one cluster, and there are several: each has its name there')
    if (clusters && new Set(clusters.map(({ name }) => name)).size < clusters.length)
      issue('clusters', 'must have a name each of their own')
    try {
      if (data === 'assets') chooseLevels(undefined, aggregate)
      else chooseLevels(aggregate)
    } catch (thrown) {
      issue('aggregate', (thrown as WaybillError).explain())
    }
  })
