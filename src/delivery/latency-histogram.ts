/** Each bucket ends this much above its beginning; its middle is then at most 4.9 % away from everything in it. */
const growth = 1.1
const logGrowth = Math.log(growth)
const firstMs = 0.001
const lastMs = 3_600_000
const buckets = Math.ceil(Math.log(lastMs / firstMs) / logGrowth) + 1

/**
 * Durations in under 1 KiB, however many. From a microsecond to an hour a percentile is within 5 % of the exact one;
 * shorter ones count as a microsecond, longer ones as an hour, except that `max` is exact. All in milliseconds.
 */
export class LatencyHistogram {
  readonly #counts = new Uint32Array(buckets)
  #count = 0
  #sum = 0
  #max = 0

  get count(): number {
    return this.#count
  }
  get sum(): number {
    return this.#sum
  }
  /** The longest, exactly; 0 when there is none. */
  get max(): number {
    return this.#max
  }

  record(ms: number): void {
    const bucket = ms > firstMs ? Math.floor(Math.log(ms / firstMs) / logGrowth) : 0
    this.#counts[Math.min(bucket, buckets - 1)]!++
    this.#count++
    this.#sum += ms
    if (ms > this.#max) this.#max = ms
  }

  /** The duration that `percent` of those recorded do not exceed (nearest rank); 0 when there is none. */
  percentile(percent: number): number {
    const rank = Math.max(1, Math.ceil((percent / 100) * this.#count))
    if (rank >= this.#count) return this.#max
    let below = 0
    let bucket = -1
    while (below < rank) below += this.#counts[++bucket]!
    return Math.min(this.#max, firstMs * growth ** (bucket + 0.5))
  }

  /** Adds everything that `other` recorded. */
  merge(other: LatencyHistogram): void {
    for (let bucket = 0; bucket < buckets; bucket++) this.#counts[bucket]! += other.#counts[bucket]!
    this.#count += other.#count
    this.#sum += other.#sum
    this.#max = Math.max(this.#max, other.#max)
  }

  clear(): void {
    this.#counts.fill(0)
    this.#count = 0
    this.#sum = 0
    this.#max = 0
  }
}
