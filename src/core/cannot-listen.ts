import { WaybillError } from './errors.ts'
import { formatAddress, type ListenAddress } from './listen-address.ts'

const reasons: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  EADDRINUSE: ['another program listens there', 'stop it (`ss -ltnp` tells which it is), or choose another address under listen'],
  EACCES: ['no permission', 'choose a port from 1024 up, or give the process the right to use lower ones (CAP_NET_BIND_SERVICE)'],
  EADDRNOTAVAIL: ['this machine has no such address', 'choose one that `ip address` lists, or 127.0.0.1'],
  ENOTFOUND: ['the name is not known', 'write an address in place of the name, such as 127.0.0.1'],
}

/** The error `DESTINATION_UNAVAILABLE` for an address that the system refused, with what to do about it. */
export function cannotListen(address: ListenAddress, error: Error): WaybillError {
  const { code = error.message } = error as NodeJS.ErrnoException
  const [reason, hint] = reasons[code] ?? ['the system refuses it', 'choose another address under listen']
  return new WaybillError('DESTINATION_UNAVAILABLE', `cannot listen on ${formatAddress(address)}: ${reason} (${code})`, {
    hint,
    cause: error,
  })
}
