import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context } from '../../core/context.ts'
import { WaybillError } from '../../core/errors.ts'
import { FileOutput, type Output } from '../../opencost/output.ts'
import { StorageFailure } from '../../storage/object-storage/storage-failure.ts'
import { openFile, type StoredFile } from '../../storage/open-storage/open-storage.ts'

/** How long to wait each time before an upload is tried again. */
const pausesMs = [1000, 5000]

/**
 * A file in a bucket, which nobody sees before it is complete: until then it is collected on this machine, in a folder that only this user
 * may look into. Rejects with WaybillError `DESTINATION_UNAVAILABLE`.
 */
export class BucketOutput implements Output {
  readonly destination: string
  readonly #file: StoredFile
  readonly #context: Context
  #folder: string | undefined
  #collected: FileOutput | undefined

  constructor(file: StoredFile, context: Context) {
    this.destination = `${file.storage.location}/${file.path}`
    this.#file = file
    this.#context = context
  }

  /** At an address, `s3://…`, `az://…` or `gs://…`. Rejects with WaybillError, also when the bucket cannot be reached. */
  static async open(address: string, context: Context): Promise<BucketOutput> {
    const file = openFile(address)
    try {
      await file.storage.exists(file.path, { signal: context.signal })
    } catch (thrown) {
      // Who may write there need not be allowed to look.
      if (!(thrown instanceof StorageFailure && thrown.status === 403)) throw thrown
    }
    return new BucketOutput(file, context)
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#folder ??= await newFolder()
    this.#collected ??= new FileOutput(join(this.#folder, 'export'))
    await this.#collected.write(bytes)
  }

  async commit(): Promise<void> {
    if (!this.#collected) return
    await this.#collected.commit()
    await this.#upload(this.#collected.destination)
    await this.discard()
  }

  async discard(): Promise<void> {
    await this.#collected?.discard()
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true })
  }

  async #upload(collected: string): Promise<void> {
    const { signal, clock } = this.#context
    const { storage, path } = this.#file
    for (let tries = 0; ; tries++) {
      try {
        return await storage.writeStream(path, contentOf(collected), { signal })
      } catch (thrown) {
        const pauseMs = pausesMs[tries]
        if (signal.aborted || pauseMs === undefined || !mayPass(thrown)) throw thrown
        await clock.sleep(pauseMs, signal)
      }
    }
  }
}

/** Whether a failure is one of the connection, of too much at once, or of the service itself. */
function mayPass(thrown: unknown): boolean {
  if (!(thrown instanceof StorageFailure)) return false
  const { status } = thrown
  return status === undefined || status === 429 || status >= 500
}

/** Opened when it is read. */
async function* contentOf(path: string): AsyncIterable<Uint8Array> {
  yield* createReadStream(path)
}

async function newFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), 'waybill-'))
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    throw new WaybillError('DESTINATION_UNAVAILABLE', `cannot make a folder in ${tmpdir()} (${code})`, {
      hint: 'set TMPDIR to a folder that this user may write to',
    })
  }
}
