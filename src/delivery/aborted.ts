/** Resolves when `signal` aborts. For signals that end soon: what waits on one that never aborts is never let go. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
