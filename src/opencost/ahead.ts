/**
 * Starts one thing after another, up to `count` at a time, and gives what they come to in their order. What is started keeps going
 * when the caller stops; a failure shows when it is that one's turn.
 */
export async function* ahead<Item, T>(items: readonly Item[], count: number, start: (item: Item) => Promise<T>): AsyncGenerator<T> {
  const started: Promise<T>[] = []
  for (let next = 0; next < items.length || started.length > 0; ) {
    for (; started.length < count && next < items.length; next++) {
      const promise = start(items[next]!)
      promise.catch(() => {})
      started.push(promise)
    }
    yield await started.shift()!
  }
}
