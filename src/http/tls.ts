import { readFile } from 'node:fs/promises'
import { createSecureContext, type SecureContext } from 'node:tls'
import { WaybillError } from '../sdk.ts'
import type { TlsSettings } from './options.ts'

/** As `tls.connect` takes them. */
export interface TlsOptions {
  readonly secureContext: SecureContext
  readonly rejectUnauthorized: boolean
  readonly servername?: string
}

/** What a TLS connection is made with. Rejects with WaybillError `FILE_UNREADABLE`, or `INVALID_OPTION` when it is not PEM. */
export async function tlsOptions({ ca, cert, key, insecure, serverName }: TlsSettings): Promise<TlsOptions> {
  const [authorities, certificate, privateKey] = await Promise.all([pem('ca', ca), pem('cert', cert), pem('key', key?.reveal())])
  try {
    const secureContext = createSecureContext({ ca: authorities, cert: certificate, key: privateKey })
    return { secureContext, rejectUnauthorized: !insecure, ...(serverName !== undefined && { servername: serverName }) }
  } catch (thrown) {
    throw new WaybillError('INVALID_OPTION', `what is given under tls cannot be used: ${(thrown as Error).message}`, {
      hint: 'ca, cert and key must be PEM, and key that of cert',
    })
  }
}

/** The path of a file is not told: somebody may have put the key itself in its place. */
async function pem(option: 'ca' | 'cert' | 'key', fileOrText: string | undefined): Promise<string | undefined> {
  if (fileOrText === undefined || fileOrText.includes('-----BEGIN')) return fileOrText
  try {
    return await readFile(fileOrText, 'utf8')
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    throw new WaybillError('FILE_UNREADABLE', `the file given as tls.${option} cannot be read: ${code}`, {
      hint: 'check its path and its permissions',
    })
  }
}
