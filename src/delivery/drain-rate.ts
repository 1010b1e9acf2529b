/** A bound on records a second that holds from when a destination fell behind until it has caught up. */
export class DrainRate {
  readonly #perSecond: number
  #untilMs = Number.NEGATIVE_INFINITY
  #behind = false

  /** No bound where `perSecond` is absent. */
  constructor(perSecond = Number.POSITIVE_INFINITY) {
    this.#perSecond = perSecond
  }

  get holds(): boolean {
    return this.#behind && this.#perSecond < Number.POSITIVE_INFINITY
  }

  fellBehind(): void {
    this.#behind = true
  }

  caughtUp(): void {
    this.#behind = false
  }

  /** How long the next records must wait. */
  waitMs(nowMs: number): number {
    return this.holds ? Math.max(0, this.#untilMs - nowMs) : 0
  }

  took(records: number, nowMs: number): void {
    if (this.holds) this.#untilMs = Math.max(nowMs, this.#untilMs) + (1000 * records) / this.#perSecond
  }
}
