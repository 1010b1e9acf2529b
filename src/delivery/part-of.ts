import type { Context } from '../core/context.ts'

/**
 * The context for a part of a delivery, which is one with an id of its own, the same whenever the part is tried again: a destination that
 * knows deliveries by their ids never takes one part for another. What is left of a delivery only gets fewer, so `part` says of how many.
 */
export function partOf({ delivery, ...context }: Context, part: string): Context {
  return { ...context, ...(delivery && { delivery: { ...delivery, id: `${delivery.id}~${part}` } }) }
}
