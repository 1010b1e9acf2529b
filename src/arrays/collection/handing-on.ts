import { type Batch, type Context, type Emit, type ExportResult, errorOf, metrics, ok, type Point, retry } from '../../sdk.ts'

/** As many points as make a batch. */
const batchPoints = 5_000

const againMs = 1000

/** Hands a batch on, and again every second while nobody takes it. Gives up with `retry` when the signal aborts. */
export async function handOn(batch: Batch, emit: Emit, { signal, clock }: Context): Promise<ExportResult> {
  for (;;) {
    if (signal.aborted) return retry(new Error('nobody took it before it was to stop'))
    const result = await emit(batch)
    if (result.status !== 'retry') return result
    await clock.sleep(result.afterMs ?? againMs, signal)
  }
}

/** Points on their way out, in batches of a usual size. */
export class PointsOut {
  readonly #emit: Emit
  readonly #context: Context
  #points: Point[] = []
  #result: ExportResult = ok

  constructor(emit: Emit, context: Context) {
    this.#emit = emit
    this.#context = context
  }

  /** Whether there are enough for a batch. */
  get full(): boolean {
    return this.#points.length >= batchPoints
  }

  get waiting(): boolean {
    return this.#points.length > 0
  }

  /** What became of the first batch that was not taken as a whole; `ok` when there is none. */
  get result(): ExportResult {
    return this.#result
  }

  add(point: Point): void {
    this.#points.push(point)
  }

  /** Hands on what was added since. */
  async send(): Promise<void> {
    const points = this.#points
    this.#points = []
    const result = await handOn(metrics(points), this.#emit, this.#context)
    if (errorOf(result) && !errorOf(this.#result)) this.#result = result
  }
}
