/** A process with figures that do not change: 1 to 6, or `every` for each; 0 after a reset. */
export function quietRuntime(every?: number) {
  let reset = false
  const figure = (value: number) => (reset ? 0 : (every ?? value))
  return {
    stopped: false,
    figures: () => ({
      event_loop_delay_avg_ms: figure(1),
      event_loop_delay_p99_ms: figure(2),
      event_loop_delay_max_ms: figure(3),
      gc_count: figure(4),
      gc_time_ms: figure(5),
      heap_used_mb: figure(6),
    }),
    reset() {
      reset = true
    },
    stop() {
      this.stopped = true
    },
  }
}
