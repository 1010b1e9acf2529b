/**
 * An AbortController for a signal that is waited on again and again. Where the last listener of a signal goes with every wait, the table
 * of its listeners is made anew each time, and V8 makes it where only a full collection frees it: memory would grow between these. So one
 * listener stays.
 */
export function lastingAbortController(): AbortController {
  const controller = new AbortController()
  controller.signal.addEventListener('abort', () => {})
  return controller
}
