import { type Message, messageIds, withTwins } from '../../codecs/messages/messages.ts'
import { orAborted, toError } from '../../sdk.ts'
import { isOfMessage } from './failure.ts'

/** How many messages may be on their way at once. The next ones follow when all of these are answered. */
const atOnce = 512

export interface PublishAllOptions {
  publish(message: Message, id: string | undefined): Promise<void>
  readonly signal: AbortSignal
  /** Messages get ids by it, where there is one. */
  readonly deliveryId: string | undefined
}

export interface Published {
  readonly stored: number
  /** No stream will take these. */
  readonly refused: readonly { readonly message: Message; readonly error: Error }[]
  /** To be tried again, in order. */
  readonly again: readonly Message[]
  /** Why they are; undefined when none is. */
  readonly failure: Error | undefined
}

/** Publishes messages in order, up to the first failure that is not a message's own, or until the signal aborts. */
export async function publishAll(messages: readonly Message[], { publish, signal, deliveryId }: PublishAllOptions): Promise<Published> {
  const ids = deliveryId === undefined ? [] : messageIds(deliveryId, messages)
  const refused: { message: Message; error: Error }[] = []
  const again: Message[] = []
  let failure: Error | undefined
  for (let from = 0; from < messages.length && !failure; from += atOnce) {
    const part = messages.slice(from, from + atOnce)
    const answers = await orAborted(Promise.allSettled(part.map((message, at) => publish(message, ids[from + at]))), signal)
    if (!answers) failure = new Error('aborted before all was published')
    for (const [at, message] of part.entries()) {
      const answer = answers?.[at]
      if (answer?.status === 'fulfilled') continue
      const error = toError(answer?.reason ?? failure)
      if (isOfMessage(error)) refused.push({ message, error })
      else again.push(message)
      if (!isOfMessage(error)) failure ??= error
    }
    if (failure) again.push(...messages.slice(from + atOnce))
  }
  const stored = messages.length - refused.length - again.length
  return { stored, refused, failure, again: deliveryId === undefined ? again : withTwins(messages, again) }
}
