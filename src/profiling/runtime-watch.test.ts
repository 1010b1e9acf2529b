import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RuntimeWatch } from './runtime-watch.ts'

test('nothing seen yet is 0, not NaN; the heap is always known', () => {
  const watch = new RuntimeWatch()
  const { heap_used_mb, ...others } = watch.figures()
  watch.stop()
  assert.deepEqual(new Set(Object.values(others)), new Set([0]))
  assert.ok(heap_used_mb > 1)
})

test('a loop that was held up, and garbage that was collected, are seen, and forgotten by a reset', async () => {
  const watch = new RuntimeWatch()
  const deadline = performance.now() + 5000
  const waitUntil = async (seen: () => boolean) => {
    while (!seen() && performance.now() < deadline) {
      makeGarbage()
      const until = performance.now() + 50
      while (performance.now() < until);
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
  await waitUntil(() => watch.figures().gc_count > 0 && watch.figures().event_loop_delay_max_ms > 10)
  const { event_loop_delay_avg_ms, event_loop_delay_p99_ms, event_loop_delay_max_ms, gc_time_ms } = watch.figures()
  assert.ok(event_loop_delay_max_ms > 10, `${event_loop_delay_max_ms}`)
  assert.ok(event_loop_delay_p99_ms > 0 && event_loop_delay_avg_ms > 0)
  assert.ok(gc_time_ms > 0)
  watch.stop()
  watch.stop()
  watch.reset()
  assert.deepEqual([watch.figures().gc_count, watch.figures().event_loop_delay_max_ms], [0, 0])
})

const makeGarbage = () => Array.from({ length: 300_000 }, (_, n) => ({ n }))
