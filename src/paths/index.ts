/** Where things are stored: paths by time. */
export { EventStoragePathFormatter, type EventStoragePathOptions } from './event.ts'
export { PartitionedPathFormatter, type PartitionedPathOptions } from './partitioned.ts'
export type { PathFormatter } from './path-formatter.ts'
export { BingenStoragePathFormatter, WindowStoragePathFormatter, type WindowStoragePathOptions } from './window.ts'
