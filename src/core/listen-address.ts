import { WaybillError } from './errors.ts'

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/** `127.0.0.1:9464`, `[::1]:0`, `:9464` (every address). Throws WaybillError `INVALID_OPTION`. */
export function parseListenAddress(listen: string): ListenAddress {
  const match = /^(?:\[([\da-f:.]+)\]|([^:[\]]*)):(\d{1,5})$/i.exec(listen)
  const port = Number(match?.[3])
  if (!match || port > 65_535)
    throw new WaybillError('INVALID_OPTION', `${JSON.stringify(listen)} is not an address to listen on`, {
      hint: 'write host:port, such as 127.0.0.1:9464 or [::1]:9464',
    })
  return { host: match[1] ?? (match[2] || '::'), port }
}

/** As it is written in an address of HTTP. */
export const formatAddress = ({ host, port }: ListenAddress): string => `${host.includes(':') ? `[${host}]` : host}:${port}`

/** What is wrong with an address to listen on: not an address, or one that others can reach where there is no token. */
export function listenProblem(listen: string, hasToken: boolean): string | undefined {
  try {
    if (isLoopback(parseListenAddress(listen)) || hasToken) return undefined
    return `others can reach ${listen}, so a token is needed; set token, or listen on 127.0.0.1`
  } catch (thrown) {
    return (thrown as WaybillError).explain()
  }
}

/** Whether only this machine can reach it. */
export const isLoopback = ({ host }: ListenAddress): boolean => host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
