import type { ArrayDevice } from '../../driver.ts'
import type { ResourceKind } from '../../model/resources.ts'
import { chance, numberOf } from './chance.ts'
import type { Sizes } from './sizes.ts'

/** What a made-up array consists of: by name and number the same each time, and for each seed something else. */
export function fakeResources(sizes: Sizes, seed: number): ArrayDevice['resources'] {
  const between = (name: string, index: number, low: number, high: number) =>
    Math.floor(low + chance(seed ^ numberOf(name), index) * (high - low + 1))
  const capacities = (name: string, index: number, low: number, high: number) => {
    const total_capacity = between(`${name} total`, index, low, high)
    const used_capacity = between(`${name} used`, index, 0, total_capacity)
    return { total_capacity, used_capacity, free_capacity: total_capacity - used_capacity }
  }
  const one = <const T>(list: readonly T[], name: string, index: number): T => list[between(name, index, 0, list.length - 1)]!
  /** The one of `size` that the `index`th thing is of; null where there are none. */
  const of = (name: string, size: number, index: number) => (size === 0 ? null : `${name}_${index % size}`)
  const group = (name: string, size: number, index: number) =>
    [...new Set([index, index + 1])].filter((n) => n < size).map((n) => `${name}_${n}`)

  return {
    storage_pools: listed(sizes.pools, (i) => ({
      native_storage_pool_id: `storagePool_${i}`,
      name: `fake_pool_${i}`,
      description: 'Fake Pool',
      storage_type: one(['block', 'file'], 'pool type', i),
      status: 'normal',
      ...capacities('pool', i, 1000, 2000),
      subscribed_capacity: between('pool subscribed', i, 3000, 4000),
    })),
    volumes: listed(sizes.volumes, (i) => ({
      native_volume_id: `volume_${i}`,
      native_storage_pool_id: of('storagePool', sizes.pools, i),
      name: `fake_vol_${i}`,
      description: 'Fake Volume',
      type: one(['thick', 'thin'], 'volume type', i),
      status: 'available',
      wwn: `fake_wwn_${i}`,
      ...capacities('volume', i, 1000, 2000),
      compressed: false,
      deduplicated: false,
    })),
    controllers: listed(sizes.controllers, (i) => ({
      native_controller_id: `controller_${i}`,
      name: `fake_ctrl_${i}`,
      status: 'normal',
      location: `loc_${between('controller location', i, 0, 99)}`,
      soft_version: '1.0.0',
      cpu_info: 'Intel Xenon',
      cpu_count: 2,
      memory_size: between('controller memory', i, 512, 1024),
    })),
    ports: listed(sizes.ports, (i) => ({
      native_port_id: `port_${i}`,
      native_parent_id: of('controller', sizes.controllers, i),
      name: `fake_port_${i}`,
      location: `loc_${between('port location', i, 0, 99)}`,
      type: one(['fc', 'iscsi', 'eth', 'sas', 'ib'], 'port type', i),
      logical_type: one(['frontend', 'backend', 'management'], 'port use', i),
      connection_status: 'connected',
      health_status: 'normal',
      speed: 1000,
      max_speed: 2000,
      wwn: `fake_wwn_port_${i}`,
      ipv4: `10.0.${i >> 8}.${i & 255}`,
      ipv4_mask: '255.255.0.0',
    })),
    disks: listed(sizes.disks, (i) => ({
      native_disk_id: `disk_${i}`,
      native_disk_group_id: null,
      name: `fake_disk_${i}`,
      physical_type: one(['sata', 'sas', 'nl-ssd'], 'disk type', i),
      logical_type: one(['free', 'member', 'hotspare'], 'disk use', i),
      status: 'normal',
      location: `loc_${between('disk location', i, 0, 99)}`,
      serial_number: `fake_serial_${between('disk serial', i, 1000, 9999)}`,
      manufacturer: 'fake_manufacturer',
      model: 'fake_disk_model',
      firmware: '1.0.0',
      speed: 7200,
      capacity: between('disk', i, 1000, 2000),
      health_score: 100,
    })),
    filesystems: listed(sizes.filesystems, (i) => ({
      native_filesystem_id: `filesystem_${i}`,
      native_pool_id: of('storagePool', sizes.pools, i),
      name: `fake_filesystem_${i}`,
      type: one(['thick', 'thin'], 'filesystem type', i),
      status: 'normal',
      worm: 'non_worm',
      security_mode: one(['mixed', 'native', 'ntfs', 'unix'], 'filesystem security', i),
      ...capacities('filesystem', i, 1000, 2000),
      compressed: false,
      deduplicated: false,
    })),
    qtrees: listed(sizes.qtrees, (i) => ({
      native_qtree_id: `qtree_${i}`,
      native_filesystem_id: of('filesystem', sizes.filesystems, i),
      name: `fake_qtree_${i}`,
      path: `/path/qtree_${i}`,
      security_mode: one(['mixed', 'native', 'ntfs', 'unix'], 'qtree security', i),
    })),
    quotas: listed(sizes.quotas, (i) => ({
      native_quota_id: `quota_${i}`,
      native_filesystem_id: of('filesystem', sizes.filesystems, i),
      native_qtree_id: of('qtree', sizes.qtrees, i),
      type: one(['tree', 'user', 'group'], 'quota type', i),
      capacity_soft_limit: 700,
      capacity_hard_limit: 1000,
      file_soft_limit: 70,
      file_hard_limit: 100,
      file_count: between('quota files', i, 0, 100),
      used_capacity: between('quota used', i, 0, 1000),
      user_group_name: `usr_${i}`,
    })),
    shares: listed(sizes.shares, (i) => ({
      native_share_id: `share_${i}`,
      native_filesystem_id: of('filesystem', sizes.filesystems, i),
      native_qtree_id: of('qtree', sizes.qtrees, i),
      name: `fake_share_${i}`,
      protocol: one(['cifs', 'nfs', 'ftp'], 'share protocol', i),
      path: `/path/qtree_${i}`,
    })),
    storage_host_initiators: listed(sizes.initiators, (i) => ({
      native_storage_host_initiator_id: `storage_host_initiator_${i}`,
      native_storage_host_id: of('storage_host', sizes.hosts, i),
      name: `fake_initiator_${i}`,
      description: 'Fake initiator',
      alias: `alias_${i}`,
      type: one(['fc', 'iscsi'], 'initiator type', i),
      status: 'online',
      wwn: `fake_wwn_initiator_${i}`,
    })),
    storage_hosts: listed(sizes.hosts, (i) => ({
      native_storage_host_id: `storage_host_${i}`,
      name: `fake_host_${i}`,
      description: 'Fake host',
      os_type: one(['Linux', 'Windows', 'VMware ESX'], 'host system', i),
      status: 'normal',
      ip_address: `1.2.3.${i}`,
    })),
    storage_host_groups: listed(sizes.groups, (i) => ({
      native_storage_host_group_id: `storage_host_group_${i}`,
      name: `fake_host_group_${i}`,
      description: 'Fake host group',
      storage_hosts: group('storage_host', sizes.hosts, i),
    })),
    port_groups: listed(sizes.groups, (i) => ({
      native_port_group_id: `port_group_${i}`,
      name: `fake_port_group_${i}`,
      description: 'Fake port group',
      ports: group('port', sizes.ports, i),
    })),
    volume_groups: listed(sizes.groups, (i) => ({
      native_volume_group_id: `volume_group_${i}`,
      name: `fake_volume_group_${i}`,
      description: 'Fake volume group',
      volumes: group('volume', sizes.volumes, i),
    })),
    masking_views: listed(sizes.masking_views, (i) => ({
      native_masking_view_id: `masking_view_${i}`,
      name: `fake_masking_view_${i}`,
      description: 'Fake masking view',
      native_storage_host_group_id: of('storage_host_group', sizes.groups, i),
      native_port_group_id: of('port_group', sizes.groups, i),
      native_volume_group_id: of('volume_group', sizes.groups, i),
    })),
  } satisfies Readonly<Record<ResourceKind, unknown>>
}

const listed =
  <const R>(size: number, make: (index: number) => R): (() => Promise<readonly R[]>) =>
  async () =>
    Array.from({ length: size }, (_, index) => make(index))
