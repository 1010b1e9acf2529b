/** What may stand in fields of arrays’ resources, each list the whole of it. Third parties know these words: none is changed. */
export const storageStatuses = ['normal', 'offline', 'abnormal', 'degraded', 'unknown'] as const
export const storageTypes = ['block', 'file', 'unified'] as const
export const volumeStatuses = ['available', 'error'] as const
export const provisioning = ['thick', 'thin'] as const
export const controllerStatuses = ['normal', 'offline', 'fault', 'degraded', 'unknown'] as const
export const diskStatuses = ['normal', 'abnormal', 'degraded', 'offline'] as const
export const filesystemStatuses = ['normal', 'faulty'] as const
export const wormTypes = ['non_worm', 'audit_log', 'compliance', 'enterprise'] as const
export const securityModes = ['mixed', 'native', 'ntfs', 'unix'] as const
export const quotaTypes = ['tree', 'user', 'group'] as const
export const shareProtocols = ['cifs', 'nfs', 'ftp', 'hdfs'] as const
export const hostStatuses = ['normal', 'offline', 'abnormal', 'degraded'] as const
export const initiatorTypes = ['fc', 'iscsi', 'roce', 'sas', 'nvme-of', 'unknown'] as const
export const initiatorStatuses = ['online', 'offline', 'unknown'] as const
export const connectionStatuses = ['connected', 'disconnected', 'unknown'] as const
export const healthStatuses = ['normal', 'abnormal', 'unknown'] as const

export const portTypes = [
  'fc',
  'iscsi',
  'ficon',
  'fcoe',
  'eth',
  'sas',
  'ib',
  'logic',
  'cifs',
  'nfs',
  'fcache',
  'combo',
  'cna',
  'rcip',
  'nfs-cifs',
  'other',
] as const

export const portLogicalTypes = [
  'frontend',
  'backend',
  'service',
  'management',
  'internal',
  'maintenance',
  'interconnect',
  'cluster',
  'data',
  'node-mgmt',
  'intercluster',
  'cluster-mgmt',
  'physical',
  'if-group',
  'vlan',
  'other',
] as const

export const diskPhysicalTypes = [
  'sata',
  'sas',
  'ssd',
  'nl-ssd',
  'fc',
  'lun',
  'ata',
  'flash',
  'vmdisk',
  'nl-sas',
  'ssd-card',
  'sas-flash-vp',
  'hdd',
  'nvme-ssd',
  'unknown',
] as const

export const diskLogicalTypes = [
  'free',
  'member',
  'hotspare',
  'cache',
  'aggregate',
  'broken',
  'foreign',
  'labelmaint',
  'maintenance',
  'shared',
  'spare',
  'unassigned',
  'unsupported',
  'remote',
  'mediator',
  'data',
  'unknown',
] as const

export const hostOsTypes = [
  'Linux',
  'Windows',
  'Solaris',
  'HP-UX',
  'AIX',
  'XenServer',
  'VMware ESX',
  'LINUX_VIS',
  'Windows Server 2012',
  'Oracle VM',
  'Open VMS',
  'Mac OS',
  'Unknown',
] as const

export const snmpVersions = ['SNMPv1', 'SNMPv2c', 'SNMPv3', 'snmpv1', 'snmpv2c', 'snmpv3'] as const
export const securityLevels = ['authPriv', 'authNoPriv', 'noAuthnoPriv'] as const
export const authProtocols = ['HMACSHA', 'HMACMD5', 'HMCSHA2224', 'HMCSHA2256', 'HMCSHA2384', 'HMCSHA2512'] as const
export const privacyProtocols = ['DES', 'AES', 'AES192', 'AES256', '3DES'] as const
