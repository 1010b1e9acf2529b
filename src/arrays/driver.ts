/** How an array is asked: what a driver is written with. */
import { type Context, type Host, WaybillError } from '../sdk.ts'
import type { Span } from './collection/array-source.ts'
import type { ArrayAccess } from './model/access.ts'
import type { Capabilities } from './model/measures.ts'
import type { DeviceDescription, Resource, ResourceKind } from './model/resources.ts'
import type { AlertData } from './third-party/alert-data.ts'
import type { MetricData } from './third-party/metric-data.ts'
import type { Trap } from './traps/trap.ts'

/** The version of what drivers and Waybill agree on. */
export const driverApiVersion = 1

/** What a driver is told of an array. */
export interface Connect {
  /** Of the array in the REST API; the same over restarts. */
  readonly id: string
  readonly access: ArrayAccess
  readonly host: Host
}

/**
 * An array that can be asked. Every method rejects where the array does not answer, and may be called beside any other. What it
 * rejects with is told to people: an `ArrayRefusal` for what they can put right.
 */
export interface ArrayDevice {
  describe(context: Context): Promise<DeviceDescription>
  /** What it consists of, by kind: all of them, each time. A kind that it does not have is left out. */
  readonly resources: { readonly [Kind in ResourceKind]?: (context: Context) => Promise<readonly Resource<Kind>[]> }
  /** What it can measure, and for how long it can tell. Without it there is no history to be collected, and nobody can ask for it. */
  readonly capabilities?: Capabilities
  /** What it has measured in that time, in portions of any size; labels at least `resource_type`, `resource_id` and `unit`. The same every time. */
  measured?(span: Span, context: Context): AsyncIterable<readonly MetricData[]>
  /** What it complains of, in that time or, without one, now. Times are in milliseconds since the epoch. */
  alerts?(span: Span | undefined, context: Context): Promise<readonly AlertData[]>
  /** Somebody has seen to the alert. */
  clearAlert?(sequenceNumber: string, context: Context): Promise<void>
  /** The alert that a trap tells of; undefined where it is not one that the maker has described. */
  alertOf?(trap: Trap): AlertData | undefined
  /** Nobody will ask any more. */
  close?(): Promise<void>
}

/** A kind of array that can be registered. */
export interface ArrayDriver {
  readonly kind: 'array-driver'
  readonly apiVersion: number
  /** What an array is registered with, not what it tells of itself. */
  readonly vendor: string
  readonly model: string
  /** One sentence. */
  readonly summary: string
  /** Packages that it loads by `host.load`, with the version range that it works with. */
  readonly requires?: Readonly<Record<string, string>>
  /** Asks nothing yet of the array, or rejects where it cannot be asked. */
  connect(options: Connect): ArrayDevice | Promise<ArrayDevice>
}

/** Defines a driver. */
export const defineArrayDriver = (driver: Omit<ArrayDriver, 'kind' | 'apiVersion'>): ArrayDriver =>
  Object.freeze({ ...driver, kind: 'array-driver', apiVersion: driverApiVersion })

/** Whether a module exports it as a driver. Throws WaybillError `PLUGIN_INVALID` for one that is none as a whole, or was made for another version. */
export function isArrayDriver(value: unknown): value is ArrayDriver {
  if (typeof value !== 'object' || value === null || (value as Partial<ArrayDriver>).kind !== 'array-driver') return false
  const { vendor, model, apiVersion, connect } = value as Partial<ArrayDriver>
  const driver = `the driver ${vendor} ${model}`
  if (apiVersion !== driverApiVersion)
    throw new WaybillError(
      'PLUGIN_INVALID',
      `${driver} was made for version ${apiVersion} of what drivers agree on, this is version ${driverApiVersion}`,
      { hint: 'install a version of it that fits' },
    )
  if (vendor && model && typeof connect === 'function') return true
  throw new WaybillError('PLUGIN_INVALID', `${driver} cannot be used: a driver has a vendor, a model and connect`)
}

/** Why an array refuses. */
export type RefusalReason = 'credentials' | 'not-authorized' | 'no-answer'

/** What an array has refused, or why it cannot be asked, as far as people can put it right. */
export class ArrayRefusal extends Error {
  override readonly name = 'ArrayRefusal'
  readonly reason: RefusalReason

  constructor(reason: RefusalReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}
