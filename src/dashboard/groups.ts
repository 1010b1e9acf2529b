/** The groups of series, from top to bottom of the screen: the key that changes what is shown of each, and in which colour. */
export const groups = {
  cpu: { key: 'c', title: 'CPU', modes: ['all', 'by_cluster', 'by_core'], usual: 'all', palette: 'green' },
  network: { key: 'n', title: 'network', modes: ['show', 'hide'], usual: 'show', palette: 'blue' },
  gpu: { key: 'g', title: 'GPU', modes: ['collapsed', 'load_only', 'load_and_vram'], usual: 'load_only', palette: 'red' },
  disk: { key: 'd', title: 'disk', modes: ['show', 'hide'], usual: 'show', palette: 'blue' },
  swap: { key: 's', title: 'swap', modes: ['show', 'hide'], usual: 'show', palette: 'pink' },
  ram: { key: 'm', title: 'memory', modes: ['percent', 'all'], usual: 'all', palette: 'pink' },
  power: { key: 'p', title: 'power', modes: ['combined', 'all', 'off'], usual: 'combined', palette: 'red' },
  ane: { key: 'a', title: 'neural engine', modes: ['show', 'hide'], usual: 'show', palette: 'red' },
} as const

export type Group = keyof typeof groups

/** What is shown of each group. */
export type Modes = { readonly [G in Group]: (typeof groups)[G]['modes'][number] }

export const groupNames = Object.keys(groups) as readonly Group[]

export const usualModes = Object.fromEntries(groupNames.map((group) => [group, groups[group].usual])) as Modes
