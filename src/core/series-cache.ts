import type { Series } from './series.ts'

/**
 * What an encoder has worked out for each series, one cache per encoder and configuration. A look-up is one index and one
 * comparison. As large as the table of series is at most: a slot that another series has taken over is made anew.
 */
export class SeriesCache<V> {
  readonly #series: Series[] = []
  readonly #values: V[] = []
  readonly #make: (series: Series) => V

  constructor(make: (series: Series) => V) {
    this.#make = make
  }

  get(series: Series): V {
    const { slot } = series
    if (this.#series[slot] === series) return this.#values[slot]!
    const value = this.#make(series)
    while (this.#series.length < slot) {
      this.#series.push(undefined as never)
      this.#values.push(undefined as never)
    }
    this.#series[slot] = series
    this.#values[slot] = value
    return value
  }
}
