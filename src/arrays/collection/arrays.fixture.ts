/** An array that can be broken at will, and what has been taken of it. */
import type { TestContext } from 'node:test'
import type { StateStore, WindowState } from '../../controllers/window-state.ts'
import { type Alert, type AlertsBatch, type Batch, createContext, type ExportResult, ok, type Point } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { arraysSchema } from '../config.ts'
import type { AlertData } from '../third-party/alert-data.ts'
import type { MetricData } from '../third-party/metric-data.ts'
import type { Trap } from '../traps/trap.ts'
import type { TrapSource } from '../traps/trap-source.ts'
import type { ArraySource, CollectionPlan, Span } from './array-source.ts'
import { type Arrays, createArrays } from './arrays.ts'
import type { AlertsState, ArrayStates, HistoryState } from './states.ts'

export const minuteMs = 60_000
export const noon = Date.UTC(2026, 0, 5, 12)

export const measure = (name: string, values: Readonly<Record<string, number>>): MetricData => ({
  name,
  labels: { resource_type: 'volume', resource_id: 'volume_1', unit: 'IOPS' },
  values,
})

/** A sample at every whole minute of the span, whose value is that minute since noon. */
export function minutes({ startMs, endMs }: Span): Record<string, number> {
  const values: Record<string, number> = {}
  for (let ms = Math.ceil(startMs / minuteMs) * minuteMs; ms < endMs; ms += minuteMs) values[ms] = (ms - noon) / minuteMs
  return values
}

/** Nobody is asked for alerts regularly unless it says so. */
interface ArraysGiven {
  readonly collection?: object
  readonly traps?: object
}

/** Arrays over one registry and one place for states; `arrays` may be made anew, as after a restart. */
export class World {
  readonly clock = new ManualClock(noon)
  readonly batches: Batch[] = []
  readonly asked: Span[] = []
  readonly plans = new Map<string, CollectionPlan>()
  readonly saved = new Map<string, string>()
  trapSources: readonly TrapSource[] = []
  alerts: readonly AlertData[] = []
  listAlerts = async (): Promise<readonly AlertData[]> => this.alerts
  retentionMs: number | undefined
  measured: (span: Span) => AsyncIterable<readonly MetricData[]> = async function* (span) {
    yield [measure('iops', minutes(span))]
  }
  alertOf: ((trap: Trap) => AlertData | undefined) | undefined
  take: (batch: Batch) => ExportResult = () => ok
  registered = true
  /** Nobody knows how far back it can tell. */
  away = false
  arrayIds: readonly string[] = ['a']

  /** Arrays that listen; they are stopped with the test. */
  async start(t: Pick<TestContext, 'after'>, config: ArraysGiven = {}): Promise<Arrays> {
    const arrays = this.arrays(config)
    await arrays.listen(
      async (batch) => {
        const result = this.take(batch)
        if (result.status === 'ok') this.batches.push(batch)
        return result
      },
      createContext({ clock: this.clock }),
    )
    t.after(() => arrays.stop?.(createContext()))
    await this.clock.advance(0)
    return arrays
  }

  arrays({ collection, ...config }: ArraysGiven): Arrays {
    const source = async (id: string) => (this.registered ? this.source(id) : undefined)
    const plans = async () => [...this.plans].map(([id, plan]) => ({ id, ...plan }))
    const ids = async () => (this.registered ? this.arrayIds : [])
    const trapSources = async () => this.trapSources
    return createArrays({
      registry: { source, plans, ids, trapSources },
      states: this.states,
      config: arraysSchema.parse({ traps: { enabled: false }, collection: { alertsInterval: null, ...collection }, ...config }),
    })
  }

  source(id: string): ArraySource {
    const { alertOf } = this
    return {
      array: { id, name: 'fake driver', vendor: 'fake_vendor', model: 'fake_model', serial_number: `S-${id}` },
      measured: (span) => {
        this.asked.push(span)
        return this.measured(span)
      },
      alerts: () => this.listAlerts(),
      ...(this.away ? { away: true } : this.retentionMs !== undefined && { retentionMs: this.retentionMs }),
      ...(alertOf && { alertOf }),
    }
  }

  readonly states: ArrayStates = {
    windows: (id) => this.#store<WindowState>(`${id} windows`),
    history: (id) => this.#store<HistoryState>(`${id} history`),
    alerts: (id) => this.#store<AlertsState>(`${id} alerts`),
    remove: async (id, what) => {
      for (const kept of what) this.saved.delete(`${id} ${kept}`)
    },
  }

  get points(): readonly Point[] {
    return this.batches.flatMap((batch) => (batch.signal === 'metrics' ? batch.points : []))
  }

  /** Of the points, in the order in which they were taken. */
  get values(): readonly unknown[] {
    return this.points.map(({ value }) => value)
  }

  get taken(): readonly Alert[] {
    return this.batches.filter((batch): batch is AlertsBatch => batch.signal === 'alerts').flatMap(({ alerts }) => alerts)
  }

  /** What was asked for, in minutes since noon. */
  get spans(): readonly (readonly [number, number])[] {
    return this.asked.map(({ startMs, endMs }) => [(startMs - noon) / minuteMs, (endMs - noon) / minuteMs])
  }

  #store<State>(key: string): StateStore<State> {
    return {
      load: async () => (this.saved.has(key) ? (JSON.parse(this.saved.get(key)!) as State) : undefined),
      save: async (state) => void this.saved.set(key, JSON.stringify(state)),
    }
  }
}
