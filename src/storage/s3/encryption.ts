import { readFile } from 'node:fs/promises'
import { WaybillError } from '../../sdk.ts'
import type { S3Config } from './config.ts'

/** What goes with requests because of how objects are encrypted. */
export interface Encryption {
  /** With those that write. */
  readonly put: object
  /** With those that read. */
  readonly get: object
}

/** Rejects with WaybillError `FILE_UNREADABLE`, or `INVALID_OPTION` for what is no key. */
export async function encryptionOf(config: S3Config['sseConfig']): Promise<Encryption> {
  switch (config?.type) {
    case undefined:
      return { put: {}, get: {} }
    case 'SSE-S3':
      return { put: { ServerSideEncryption: 'AES256' }, get: {} }
    case 'SSE-KMS': {
      const { kmsKeyId, kmsEncryptionContext: context } = config
      const put = {
        ServerSideEncryption: 'aws:kms',
        ...(kmsKeyId !== undefined && { SSEKMSKeyId: kmsKeyId }),
        ...(Object.keys(context).length > 0 && { SSEKMSEncryptionContext: Buffer.from(JSON.stringify(context)).toString('base64') }),
      }
      return { put, get: {} }
    }
    case 'SSE-C': {
      const key = { SSECustomerAlgorithm: 'AES256', SSECustomerKey: await keyIn(config.encryptionKey) }
      return { put: key, get: key }
    }
  }
}

async function keyIn(file: string): Promise<Buffer> {
  const key = await readFile(file).catch((thrown: NodeJS.ErrnoException) => {
    throw new WaybillError('FILE_UNREADABLE', `the file given as encryption_key cannot be read: ${thrown.code}`, {
      hint: 'check its path and its permissions',
    })
  })
  if (key.length !== 32)
    throw new WaybillError('INVALID_OPTION', `the file given as encryption_key holds ${key.length} bytes`, {
      hint: 'it has to hold the 32 bytes of the key and nothing else',
    })
  return key
}
