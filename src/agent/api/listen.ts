import { WaybillError } from '../../core/errors.ts'

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/** `127.0.0.1:9465`, `[::1]:0`, `:8080` (every address). Throws WaybillError `INVALID_OPTION`. */
export function parseListen(listen: string): ListenAddress {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(listen)
  const port = Number(match?.[3])
  if (!match || port > 65_535)
    throw new WaybillError('INVALID_OPTION', `${JSON.stringify(listen)} is not an address to listen on`, {
      hint: 'write host:port, such as 127.0.0.1:9465',
    })
  return { host: match[1] ?? (match[2] || '0.0.0.0'), port }
}

/** Whether only this machine can reach it. */
export const isLoopback = ({ host }: ListenAddress): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host)
