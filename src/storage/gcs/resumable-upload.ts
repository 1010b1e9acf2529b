import { ApiError, type JsonApi } from './json-api.ts'

export interface ResumableUpload {
  /** Of the uploads to the bucket. */
  readonly path: string
  readonly name: string
  readonly chunks: AsyncIterable<Uint8Array>
  /** A multiple of 256 KiB. */
  readonly chunkBytes: number
  readonly signal: AbortSignal | undefined
}

/**
 * Uploads what need not be in memory at once, in several requests of one session
 * (https://cloud.google.com/storage/docs/performing-resumable-uploads). Nothing shows before the last.
 */
export async function resumableUpload(api: JsonApi, { path, name, chunks, chunkBytes, signal }: ResumableUpload): Promise<void> {
  const started = await api.ask(path, { method: 'POST', query: { uploadType: 'resumable', name }, signal })
  const session = started.headers.get('location')
  if (session === null) throw new ApiError('the service gave no address to upload to', started)
  try {
    let at = 0
    let waiting: Uint8Array[] = []
    let waitingBytes = 0
    const send = async (bytes: Uint8Array, isLast: boolean): Promise<void> => {
      const end = at + bytes.length
      const range = `bytes ${bytes.length === 0 ? '*' : `${at}-${end - 1}`}/${isLast ? end : '*'}`
      const answer = await api.ask(session, { method: 'PUT', headers: { 'content-range': range }, body: bytes, signal })
      await answer.text()
      // What it did not keep, it may do without saying so; then the upload is begun again by whoever waits for it.
      if (!isLast && answer.headers.get('range') !== `bytes=0-${end - 1}`)
        throw new ApiError(`the service kept ${answer.headers.get('range') ?? 'nothing'} of ${end} bytes`, answer)
      at = end
    }
    for await (const chunk of chunks) {
      waiting.push(chunk)
      waitingBytes += chunk.length
      // The last request has to have something, and which is the last shows only behind it.
      if (waitingBytes <= chunkBytes) continue
      const all = Buffer.concat(waiting)
      let sent = 0
      for (; all.length - sent > chunkBytes; sent += chunkBytes) await send(all.subarray(sent, sent + chunkBytes), false)
      waiting = [all.subarray(sent)]
      waitingBytes = all.length - sent
    }
    await send(Buffer.concat(waiting), true)
  } catch (thrown) {
    // What is left of it would be kept for a week.
    await api.ask(session, { method: 'DELETE', signal: undefined }).catch(() => {})
    throw thrown
  }
}
