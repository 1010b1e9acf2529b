/** A receiver on this machine, and a sender to it. */
import type { TestContext } from 'node:test'
import { type Batch, createContext, type Emit, type ExportResult, ok } from '../../sdk.ts'
import { ManualClock } from '../../testing/index.ts'
import { HttpReceiver, type HttpReceiverOptions } from './http.ts'

export const nowMs = Date.UTC(2026, 10, 21)

/** Listens on a free port until the test ends, and answers what it is told. */
export async function receiving(t: TestContext, options: HttpReceiverOptions = {}) {
  const batches: Batch[] = []
  const receiver = new HttpReceiver({ listen: '127.0.0.1:0', ...options })
  const state = {
    receiver,
    batches,
    answer: (): ExportResult | Promise<ExportResult> => ok,
    url: '',
    async send(path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
      const response = await fetch(`${state.url}${path}`, { method: 'POST', headers, body })
      return { status: response.status, retryAfter: response.headers.get('retry-after'), text: await response.text() }
    },
  }
  const emit: Emit = async (batch) => {
    batches.push(batch)
    return state.answer()
  }
  await receiver.listen(emit, createContext({ clock: new ManualClock(nowMs) }))
  t.after(() => receiver.stop({ signal: AbortSignal.abort() }))
  state.url = `http://127.0.0.1:${receiver.address()!.port}`
  return state
}
