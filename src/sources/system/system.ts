import { hostname } from 'node:os'
import {
  type Context,
  defineSource,
  degraded,
  duration,
  type ExportSource,
  type HealthStatus,
  healthy,
  type MetricsBatch,
  metrics,
  resource,
  WaybillError,
  z,
} from '../../sdk.ts'
import { cubestat } from './cubestat.ts'
import { GpuTool } from './gpu.ts'
import { nvidiaSmi, rocmSmi } from './gpu-tools.ts'
import { LinuxReader } from './linux.ts'
import { type Measurement, measure } from './measure.ts'
import { nameFilter } from './name-filter.ts'
import type { Naming } from './naming.ts'
import { otel } from './otel/otel.ts'
import { PortableReader } from './portable.ts'
import { areas, type Gpus, type MachineReader } from './reading.ts'

const names = (what: string, exclude: string[]) =>
  z
    .object({
      include: z.array(z.string()).default(['*']).describe(`Names of the ${what} to report; \`*\` stands for any characters.`),
      exclude: z.array(z.string()).default(exclude).describe(`Names of the ${what} not to report, neither alone nor in totals.`),
    })
    .prefault({})

const config = z.object({
  naming: z
    .enum(['otel', 'cubestat'])
    .default('otel')
    .describe("Names after OpenTelemetry's semantic conventions, or the names of cubestat and only what has one there."),
  collect: z
    .array(z.enum(areas))
    .default([...areas])
    .describe('What to report.'),
  devices: names('disks', ['loop*', 'ram*']).describe('Which disks to report.'),
  interfaces: names('network interfaces', []).describe('Which network interfaces to report.'),
  procPath: z.string().default('/proc').describe('Where /proc is; of use in a container that has the one of its host mounted.'),
  sysPath: z.string().default('/sys').describe('Where /sys is.'),
  nvidiaSmi: z.string().min(1).default('nvidia-smi').describe('The command that tells of NVIDIA GPUs, or its path.'),
  rocmSmi: z.string().min(1).default('rocm-smi').describe('The command that tells of AMD GPUs, or its path.'),
  gpuInterval: duration().prefault('5s').describe('How often these commands are run, at most: they cost more than all else here.'),
  gpuTimeout: duration().prefault('10s').describe('How long such a command may take; nothing waits for it.'),
})

export interface SystemSourceOptions extends z.input<typeof config> {
  /** Default: `system`. */
  readonly name?: string
}

/** Makes points of this machine's CPUs, memory, swap, disks, network interfaces and GPUs. Rates are of the time between two calls as measured. */
export class SystemSource implements ExportSource<MetricsBatch> {
  readonly name: string
  readonly #reader: MachineReader
  readonly #gpuTools: readonly GpuTool[]
  readonly #naming: Naming
  #last: Measurement | undefined

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'system', ...options }: SystemSourceOptions = {}) {
    const parsed = config.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of SystemSource: ${z.prettifyError(parsed.error)}`)
    const { naming, devices, interfaces, procPath, sysPath, ...rest } = parsed.data
    const collect = new Set(rest.collect)
    const wanted = { collect, wantsDevice: nameFilter(devices), wantsInterface: nameFilter(interfaces) }
    this.name = name
    this.#reader = process.platform === 'linux' ? new LinuxReader({ ...wanted, procPath, sysPath }) : new PortableReader(wanted)
    const timing = { intervalMs: rest.gpuInterval, timeoutMs: rest.gpuTimeout }
    this.#gpuTools = collect.has('gpu')
      ? [
          new GpuTool({ command: rest.nvidiaSmi, format: nvidiaSmi, ...timing }),
          new GpuTool({ command: rest.rocmSmi, format: rocmSmi, ...timing }),
        ]
      : []
    this.#naming = { otel, cubestat }[naming](resource({ 'host.name': hostname(), 'os.type': osType }))
  }

  /** Undefined when the machine tells nothing at all. */
  async make(at: Date, context: Context): Promise<MetricsBatch | undefined> {
    const monotonicMs = context.clock.monotonic()
    const reading = { ...(await this.#reader.read()), gpus: this.#gpus(context) }
    this.#last = measure(reading, { timeMs: at.getTime(), monotonicMs }, this.#last)
    const points = this.#naming(this.#last)
    return points.length > 0 ? metrics(points) : undefined
  }

  async stop(): Promise<void> {
    for (const tool of this.#gpuTools) tool.stop()
  }

  health(): HealthStatus {
    const problem = this.#reader.problem()
    return problem === undefined ? healthy : degraded(problem)
  }

  #gpus(context: Context): Gpus | undefined {
    if (this.#gpuTools.length === 0) return undefined
    const told = this.#gpuTools.map((tool) => tool.take(context))
    const add = (sum: number | undefined, { count }: Gpus) => (sum === undefined || count === undefined ? undefined : sum + count)
    return { count: told.reduce(add, 0 as number | undefined), measured: told.flatMap(({ measured }) => measured) }
  }
}

/** OpenTelemetry's names for those that Node calls otherwise. */
const osType = { win32: 'windows', sunos: 'solaris' }[process.platform as string] ?? process.platform

/** This machine's own metrics. */
export default defineSource({
  type: 'system',
  summary: 'Measures this machine: CPUs, memory, swap, disks, network interfaces, GPUs, load and uptime.',
  stability: 'stable',
  signals: ['metrics'],
  config,
  create: ({ name, config }) => new SystemSource({ ...config, name }),
})
