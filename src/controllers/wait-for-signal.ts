export interface WaitForSignalOptions {
  /** Default: SIGINT and SIGTERM. */
  readonly signals?: readonly NodeJS.Signals[]
  /** Ends the waiting; the promise is then never settled. */
  readonly signal?: AbortSignal
}

/** Resolves to the first of the signals that the process gets, in place of ending it. A later one ends the process as usual. */
export function waitForSignal({ signals = ['SIGINT', 'SIGTERM'], signal }: WaitForSignalOptions = {}): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const listener = (received: NodeJS.Signals) => {
      forget()
      resolve(received)
    }
    const forget = () => {
      for (const name of signals) process.off(name, listener)
    }
    for (const name of signals) process.on(name, listener)
    signal?.addEventListener('abort', forget, { once: true })
  })
}
