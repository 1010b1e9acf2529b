import { type IndexedRejection, type Part, sendParts } from '../../http/parts.ts'
import { type ExportResult, errorOf, partial, type Rejection, retry } from '../../sdk.ts'
import type { FlatAttributes } from './attributes.ts'
import { mostBytes } from './limits.ts'

/** What stands for a record in a request, or why nothing can. */
export type Said = readonly object[] | Error

/** Records as they are sent: what cannot be said is refused, what there is nothing to say of is left out. */
export function partsOf(said: Iterable<readonly [records: readonly number[], said: Said]>): { parts: Part[]; refused: IndexedRejection[] } {
  const [parts, refused]: [Part[], IndexedRejection[]] = [[], []]
  for (const [records, data] of said) {
    if (data instanceof Error) refused.push(...records.map((index) => ({ index, error: data })))
    else if (data.length > 0) parts.push({ bytes: Buffer.from(data.map((each) => JSON.stringify(each)).join()), records })
  }
  return { parts, refused }
}

/** Sends parts as elements of the list `key` of a block with common attributes, or without a key as elements of the body. */
export function sendBlocks(
  { parts, refused }: ReturnType<typeof partsOf>,
  {
    key,
    common,
    send,
  }: { readonly key?: string; readonly common: FlatAttributes; readonly send: (body: Uint8Array) => Promise<ExportResult> },
): Promise<ExportResult> {
  const attributes = Object.keys(common).length > 0 ? `"common":{"attributes":${JSON.stringify(common)}},` : ''
  const [head, tail] = key === undefined ? ['[', ']'] : [`[{${attributes}"${key}":[`, ']}]']
  return sendParts(parts, { head: Buffer.from(head), separator: Buffer.from(','), tail: Buffer.from(tail), mostBytes, send, refused })
}

/**
 * What became of records that are sent twice, as events too: first the events, then themselves, so that what New Relic would count double
 * is sent last. What was refused as either is refused.
 */
export async function both(events: () => Promise<ExportResult>, themselves: () => Promise<ExportResult>): Promise<ExportResult> {
  const first = await events()
  if (first.status === 'partial' && first.retry.length > 0) return retry(errorOf(first)!)
  if (first.status !== 'ok' && first.status !== 'partial') return first
  const second = await themselves()
  if (first.status === 'ok' || second.status === 'retry') return second
  const rejected = new Map<number, Rejection>()
  const counted: Rejection[] = []
  for (const rejection of [...first.rejected, ...(second.status === 'partial' ? second.rejected : [])])
    if ('index' in rejection) rejected.set(rejection.index, rejection)
    else counted.push(rejection)
  const again = second.status === 'partial' ? second.retry.filter((index) => !rejected.has(index)) : []
  return partial([...rejected.values(), ...counted], again)
}
