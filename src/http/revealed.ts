import { Secret } from '../sdk.ts'

type Revealed<T> = T extends Secret ? string : T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]: Revealed<T[K]> } : T

/** Options with the texts of their secrets, as they are written in code. */
export function revealed<T>(options: T): Revealed<T> {
  if (options instanceof Secret) return options.reveal() as Revealed<T>
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return options as Revealed<T>
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, revealed(value)])) as Revealed<T>
}
