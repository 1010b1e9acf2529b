import { type ArrayDriver, isArrayDriver } from '../driver.ts'
import fake from '../drivers/fake/fake.ts'
import linux from '../drivers/linux/linux.ts'
import { ArrayFailure } from '../model/failures.ts'

/** The drivers that there are: those of the user, which take precedence, and those that come with Waybill. */
export const arrayDrivers = (own: readonly ArrayDriver[] = []): readonly ArrayDriver[] => [...own, fake, linux]

/** The drivers that a module exports. Throws what `isArrayDriver` throws. */
export const driversOf = (module: Readonly<Record<string, unknown>>): readonly ArrayDriver[] => [
  ...new Set(Object.values(module).filter(isArrayDriver)),
]

/** The driver that is meant. Throws ArrayFailure `StorageDriverNotFound`. */
export function driverFor(drivers: readonly ArrayDriver[], vendor: string, model: string): ArrayDriver {
  const found = drivers.find((driver) => driver.vendor === vendor && driver.model === model)
  if (found) return found
  throw new ArrayFailure('StorageDriverNotFound', [`${vendor} ${model}`])
}
