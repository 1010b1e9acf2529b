import { type Component, type HealthStatus, healthy } from '../core/component.ts'
import type { Context } from '../core/context.ts'
import type { Emit, Receiver } from '../core/source.ts'
import { Starter } from '../delivery/starter.ts'

/** A receiver that is started like everything else: where it cannot listen it is unhealthy and tried again, and the others go on. */
export class ListeningReceiver implements Component {
  readonly receiver: Receiver
  readonly #starter: Starter
  #emit: Emit | undefined

  constructor(receiver: Receiver) {
    this.receiver = receiver
    this.#starter = new Starter({ kind: 'receiver', name: receiver.name, start: (context) => receiver.listen(this.#emit!, context) })
  }

  /** Resolves after the first try to listen, whether it worked or not. */
  listen(emit: Emit, context: Context): Promise<void> {
    this.#emit = emit
    return this.#starter.start(context)
  }

  async stop(context: Context): Promise<void> {
    this.#starter.stop()
    await this.receiver.stop?.(context)
  }

  health(): HealthStatus {
    return this.#starter.health() ?? this.receiver.health?.() ?? healthy
  }
}
