import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'

/** What the process itself was like. */
export interface RuntimeFigures {
  /** How late timers were beyond what was asked for. */
  readonly event_loop_delay_avg_ms: number
  readonly event_loop_delay_p99_ms: number
  readonly event_loop_delay_max_ms: number
  readonly gc_count: number
  readonly gc_time_ms: number
  /** In units of 1,048,576 bytes. */
  readonly heap_used_mb: number
}

const resolutionMs = 20

/** Watches the event loop and the garbage collector from when it is made until it is stopped. Keeps no process alive. */
export class RuntimeWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs })
  readonly #collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      this.#gcCount++
      this.#gcTimeMs += duration
    }
  })
  #gcCount = 0
  #gcTimeMs = 0

  constructor() {
    this.#delay.enable()
    this.#collections.observe({ entryTypes: ['gc'] })
  }

  figures(): RuntimeFigures {
    const delay = this.#delay
    return {
      event_loop_delay_avg_ms: delay.count > 0 ? late(delay.mean) : 0,
      event_loop_delay_p99_ms: late(delay.percentile(99)),
      event_loop_delay_max_ms: late(delay.max),
      gc_count: this.#gcCount,
      gc_time_ms: this.#gcTimeMs,
      heap_used_mb: heapUsedMb(),
    }
  }

  reset(): void {
    this.#delay.reset()
    this.#gcCount = 0
    this.#gcTimeMs = 0
  }

  stop(): void {
    this.#delay.disable()
    this.#collections.disconnect()
  }
}

/** The heap in use now, in units of 1,048,576 bytes. */
export const heapUsedMb = (): number => getHeapStatistics().used_heap_size / 2 ** 20

/** Milliseconds by which a timer was late: Node measures in nanoseconds from one to the next, the interval included. */
const late = (betweenNs: number): number => Math.max(0, betweenNs / 1e6 - resolutionMs)
