/**
 * Two servers that speak the protocol of S3. s3rver takes no other key than its own, and shows a file while it is being written;
 * moto takes any, and keeps to what S3 promises of objects: whole or not at all, and conditions.
 */
import { fileURLToPath } from 'node:url'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { freePort, ServerProcess } from './server-process.ts'

export interface S3Options {
  /** Made when it is missing. */
  readonly bucket: string
  /** Default: any that is free. */
  readonly port?: number
}

export interface S3rverOptions extends S3Options {
  /** For its objects; one that held those of another goes on with them. */
  readonly directory: string
}

export interface S3 {
  /** The address. */
  readonly endpoint: string
  readonly port: number
  readonly bucket: string
  readonly accessKey: string
  readonly secretKey: string
  stop(): Promise<void>
}

/** Those of s3rver. */
const keys = { accessKey: 'S3RVER', secretKey: 'S3RVER' }

const installed = (path: string) => fileURLToPath(new URL(`../../.servers/${path}`, import.meta.url))

/** Rejects with the end of its output when it does not come up. */
export async function startS3rver({ directory, bucket, port: given }: S3rverOptions): Promise<S3> {
  const port = given ?? (await freePort())
  return start({
    program: process.execPath,
    args: [
      // It signs the places in its lists with DES.
      '--openssl-legacy-provider',
      installed('node_modules/s3rver/bin/s3rver.js'),
      ...['--directory', directory, '--address', '127.0.0.1', '--port', String(port), '--silent', '--no-vhost-buckets'],
    ],
    port,
    bucket,
  })
}

/** It forgets everything when it is stopped. Rejects with the end of its output when it does not come up. */
export async function startMoto({ bucket, port: given }: S3Options): Promise<S3> {
  const port = given ?? (await freePort())
  return start({ program: installed('python/bin/moto_server'), args: ['-H', '127.0.0.1', '-p', String(port)], port, bucket })
}

async function start(server: { program: string; args: readonly string[]; port: number; bucket: string }): Promise<S3> {
  const { program, args, port, bucket } = server
  const endpoint = `http://127.0.0.1:${port}`
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: keys.accessKey, secretAccessKey: keys.secretKey },
  })
  const ready = async () => {
    await client.send(new CreateBucketCommand({ Bucket: bucket })).catch((error: Error) => {
      if (!error.name.startsWith('BucketAlready')) throw error
    })
    return true
  }
  const running = await ServerProcess.start({ program, args, ready })
  client.destroy()
  return { endpoint, port, bucket, ...keys, stop: () => running.stop() }
}
