/** What drivers and exporters of storage arrays are written with: docs/reference/array-data.md describes the data. */

export type { Span } from './collection/array-source.ts'
export {
  type ArrayDevice,
  type ArrayDriver,
  ArrayRefusal,
  type Connect,
  defineArrayDriver,
  driverApiVersion,
  isArrayDriver,
  type RefusalReason,
} from './driver.ts'
export type { ArrayAccess } from './model/access.ts'
export { type Capabilities, capabilitiesFor, type MeasuredType, type MeasureName } from './model/measures.ts'
export type { DeviceDescription, Resource, ResourceKind } from './model/resources.ts'
export type { AlertData } from './third-party/alert-data.ts'
export type { Dispatching } from './third-party/dispatch-exporter.ts'
export type { DispatchClass } from './third-party/dispatch-plugins.ts'
export type { MetricData } from './third-party/metric-data.ts'
export type { Trap } from './traps/trap.ts'
