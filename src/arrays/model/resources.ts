import { z } from '../../sdk.ts'
import * as values from './values.ts'

/** Text that the array may not tell. */
const text = (description: string) => z.string().nullish().describe(description)
const count = (description: string) => z.number().nullish().describe(description)
const bytes = (what: string) => count(`${what}, in bytes.`)
const flag = (description: string) => z.boolean().nullish().describe(description)
const oneOf = <const T extends readonly string[]>(list: T, description: string) => z.enum(list).nullish().describe(description)
const native = (what: string) => z.string().min(1).describe(`The array’s own id of the ${what}.`)
const natives = (what: string) => z.array(z.string()).default([]).describe(`The array’s own ids of its ${what}.`)

const name = text('What the array calls it.')
const description = text('What people wrote about it.')

/** What a device tells of itself as a whole. */
export const deviceSchema = z.strictObject({
  name: z.string().min(1).describe('What the array is called.'),
  vendor: z.string().describe('Who made it.'),
  model: z.string().describe('What it is, in the words of its maker.'),
  serial_number: z.string().min(1).describe('The same as long as it is the same array.'),
  status: z.enum(values.storageStatuses).describe('How it is.'),
  description: text('What it is for.'),
  firmware_version: text('What runs on it.'),
  location: text('Where it stands.'),
  total_capacity: bytes('What can be used of it'),
  used_capacity: bytes('What is used of it'),
  free_capacity: bytes('What is free of it'),
  raw_capacity: bytes('What its disks hold together'),
  subscribed_capacity: bytes('What its volumes may grow to together'),
})

const capacities = {
  total_capacity: bytes('What it holds'),
  used_capacity: bytes('What is used of it'),
  free_capacity: bytes('What is free of it'),
}
const poolSchema = z.strictObject({
  native_storage_pool_id: native('pool'),
  name,
  description,
  storage_type: oneOf(values.storageTypes, 'What is made of it.'),
  status: oneOf(values.storageStatuses, 'How it is.'),
  ...capacities,
  subscribed_capacity: bytes('What its volumes may grow to together'),
})
const volumeSchema = z.strictObject({
  native_volume_id: native('volume'),
  native_storage_pool_id: text('Of the pool that it is of.'),
  name,
  description,
  type: oneOf(values.provisioning, 'Whether its capacity is set aside.'),
  status: oneOf(values.volumeStatuses, 'How it is.'),
  wwn: text('World wide name.'),
  ...capacities,
  compressed: flag('Whether it is compressed.'),
  deduplicated: flag('Whether it is deduplicated.'),
})
const controllerSchema = z.strictObject({
  native_controller_id: native('controller'),
  name,
  status: oneOf(values.controllerStatuses, 'How it is.'),
  location: text('Where it is within the array.'),
  soft_version: text('What runs on it.'),
  cpu_info: text('What computes in it.'),
  cpu_count: count('How many of these.'),
  memory_size: bytes('Its memory'),
  mgmt_ip: text('Address at which it is managed.'),
})
const portSchema = z.strictObject({
  native_port_id: native('port'),
  native_parent_id: text('Of the controller that it is of.'),
  name,
  location: text('Where it is within the array.'),
  type: oneOf(values.portTypes, 'What is spoken there.'),
  logical_type: oneOf(values.portLogicalTypes, 'What it is for.'),
  connection_status: oneOf(values.connectionStatuses, 'Whether something is connected.'),
  health_status: oneOf(values.healthStatuses, 'How it is.'),
  speed: count('Bits per second, now.'),
  max_speed: count('Bits per second at most.'),
  wwn: text('World wide name.'),
  mac_address: text('Address in its network.'),
  ipv4: text('Its address.'),
  ipv4_mask: text('The mask of it.'),
  ipv6: text('Its address.'),
  ipv6_mask: text('The mask of it.'),
})
const diskSchema = z.strictObject({
  native_disk_id: native('disk'),
  native_disk_group_id: text('Of the group that it is in.'),
  name,
  physical_type: oneOf(values.diskPhysicalTypes, 'What kind it is.'),
  logical_type: oneOf(values.diskLogicalTypes, 'What it is used for.'),
  status: oneOf(values.diskStatuses, 'How it is.'),
  location: text('Where it is within the array.'),
  serial_number: text('Of the disk.'),
  manufacturer: text('Who made it.'),
  model: text('What it is, in the words of its maker.'),
  firmware: text('What runs on it.'),
  speed: count('Revolutions per minute.'),
  capacity: bytes('What it holds'),
  health_score: count('From 0, broken, to 100.'),
})
const filesystemSchema = z.strictObject({
  native_filesystem_id: native('file system'),
  native_pool_id: text('Of the pool that it is of.'),
  name,
  type: oneOf(values.provisioning, 'Whether its capacity is set aside.'),
  status: oneOf(values.filesystemStatuses, 'How it is.'),
  worm: oneOf(values.wormTypes, 'Whether what is written stays.'),
  security_mode: oneOf(values.securityModes, 'Whose permissions count.'),
  ...capacities,
  compressed: flag('Whether it is compressed.'),
  deduplicated: flag('Whether it is deduplicated.'),
})
const qtreeSchema = z.strictObject({
  native_qtree_id: native('qtree'),
  native_filesystem_id: text('Of the file system that it is in.'),
  name,
  path: text('Where it is in there.'),
  security_mode: oneOf(values.securityModes, 'Whose permissions count.'),
})
const quotaSchema = z.strictObject({
  native_quota_id: native('quota'),
  native_filesystem_id: text('Of the file system that it is for.'),
  native_qtree_id: text('Of the qtree that it is for.'),
  type: oneOf(values.quotaTypes, 'Whom it bounds.'),
  capacity_hard_limit: bytes('No more is written beyond it'),
  capacity_soft_limit: bytes('Beyond it somebody is told'),
  file_hard_limit: count('Files beyond which none is made.'),
  file_soft_limit: count('Files beyond which somebody is told.'),
  file_count: count('Files that there are.'),
  used_capacity: bytes('What is used of it'),
  user_group_name: text('The user or group that it bounds.'),
})
const shareSchema = z.strictObject({
  native_share_id: native('share'),
  native_filesystem_id: text('Of the file system that it shows.'),
  native_qtree_id: text('Of the qtree that it shows.'),
  name,
  protocol: oneOf(values.shareProtocols, 'How it is reached.'),
  path: text('What of it is shown.'),
})
const initiatorSchema = z.strictObject({
  native_storage_host_initiator_id: native('initiator'),
  native_storage_host_id: text('Of the host that it is of.'),
  name,
  description,
  alias: text('Another name of it.'),
  type: oneOf(values.initiatorTypes, 'What it speaks.'),
  status: oneOf(values.initiatorStatuses, 'Whether it is there.'),
  wwn: text('World wide name.'),
})
const hostSchema = z.strictObject({
  native_storage_host_id: native('host'),
  name,
  description,
  os_type: oneOf(values.hostOsTypes, 'What runs on it.'),
  status: oneOf(values.hostStatuses, 'How it is.'),
  ip_address: text('Its address.'),
})
const hostGroupSchema = z.strictObject({
  native_storage_host_group_id: native('group of hosts'),
  name,
  description,
  storage_hosts: natives('hosts'),
})
const portGroupSchema = z.strictObject({ native_port_group_id: native('group of ports'), name, description, ports: natives('ports') })
const volumeGroupSchema = z.strictObject({
  native_volume_group_id: native('group of volumes'),
  name,
  description,
  volumes: natives('volumes'),
})
const maskingViewSchema = z.strictObject({
  native_masking_view_id: native('masking view'),
  name,
  description,
  native_storage_host_group_id: text('The hosts that see the volumes, as a group.'),
  native_storage_host_id: text('The host that sees the volumes, where it is one.'),
  native_port_group_id: text('Through which ports.'),
  native_volume_group_id: text('The volumes, as a group.'),
  native_volume_id: text('The volume, where it is one.'),
})

/** What an array consists of: by the key of each collection the schema of what the array’s driver tells of one. */
export const resourceSchemas = {
  storage_pools: poolSchema,
  volumes: volumeSchema,
  controllers: controllerSchema,
  ports: portSchema,
  disks: diskSchema,
  filesystems: filesystemSchema,
  qtrees: qtreeSchema,
  quotas: quotaSchema,
  shares: shareSchema,
  storage_host_initiators: initiatorSchema,
  storage_hosts: hostSchema,
  storage_host_groups: hostGroupSchema,
  port_groups: portGroupSchema,
  volume_groups: volumeGroupSchema,
  masking_views: maskingViewSchema,
} as const

/** The key of a collection: `storage_pools`, `volumes`, … */
export type ResourceKind = keyof typeof resourceSchemas

export const resourceKinds = Object.keys(resourceSchemas) as readonly ResourceKind[]

/** What a driver tells of the array as a whole. */
export type DeviceDescription = z.input<typeof deviceSchema>

/** What a driver tells of one resource of that kind: fields in the names of the REST API, what it does not know left out. */
export type Resource<Kind extends ResourceKind = ResourceKind> = z.input<(typeof resourceSchemas)[Kind]>

/** The field that a resource of that kind is told by, within its array: the first of its schema. */
export const nativeIdOf = (kind: ResourceKind): string => Object.keys(resourceSchemas[kind].shape)[0]!
