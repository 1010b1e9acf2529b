import type { Component } from '../core/component.ts'
import type { AnyPlugin } from '../core/plugin.ts'
import { Secret } from '../core/secret.ts'
import type { LoadedConfig } from './config/load.ts'
import type { Resolved } from './config/resolve.ts'
import type { Instances } from './instances.ts'

/**
 * What may go on running under another configuration: components of which every setting is the same, the secrets among them.
 */
export function keeper(
  config: LoadedConfig,
  { sources, receivers, processors, exporters }: Instances,
): (resolved: Resolved<AnyPlugin>) => Component | undefined {
  const running = new Map<string, Component>()
  const keyOf = ({ plugin, name, rest, config }: Resolved<AnyPlugin>) => JSON.stringify([plugin.kind, name, rest, config], revealed)
  const components = new Map(
    [...sources, ...receivers, ...processors].map(({ kind, name, component }) => [`${kind} ${name}`, component as Component]),
  )
  for (const resolved of [...config.sources, ...config.receivers, ...config.processors])
    running.set(keyOf(resolved), components.get(`${resolved.plugin.kind} ${resolved.name}`)!)
  for (const resolved of config.exporters) running.set(keyOf(resolved), exporters.get(resolved.name)!)
  return (resolved) => running.get(keyOf(resolved))
}

/** For JSON.stringify: a secret as it is. */
export function revealed(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const original = this[key]
  return original instanceof Secret ? original.reveal() : value
}

/** Every component that was made. */
export function componentsOf({ sources, receivers, processors, exporters }: Instances): Set<Component> {
  return new Set([
    ...[...sources, ...receivers, ...processors].map(({ component }) => component),
    ...exporters.names().map((name) => exporters.get(name)!),
  ])
}
