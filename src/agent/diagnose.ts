import { connect } from 'node:net'
import type { Batch } from '../core/batch.ts'
import { type Component, healthy } from '../core/component.ts'
import { type Context, createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { toError } from '../core/result.ts'
import type { DiagnosticDetails } from '../diagnostics/diagnostic.ts'
import type { DiagnosticService } from '../diagnostics/service.ts'
import { DiagnosticsSource } from '../sources/diagnostics/diagnostics.ts'
import type { ComponentHealth } from './agent.ts'
import type { LoadedConfig } from './config/load.ts'
import { createHost, type HostOptions } from './host.ts'

const category = 'destinations'

/** Lets sources of type `diagnostics` tell of the agent's exporters as well. */
export function registerHealth(sources: readonly { readonly component: Component }[], health: () => readonly ComponentHealth[]): void {
  for (const { component } of sources) {
    if (!(component instanceof DiagnosticsSource)) continue
    const { service } = component
    if (service.diagnostics().some((known) => known.category === category)) continue
    service.register('exporters', 'Whether every exporter is healthy.', category, () => {
      const exporters = health().filter(({ kind }) => kind === 'exporter')
      const troubled = exporters.flatMap(({ name, health }) => ('reason' in health ? [`${name} is ${health.state}: ${health.reason}`] : []))
      if (troubled.length > 0) throw new Error(troubled.join('; '))
      return Object.fromEntries(exporters.map(({ name, health }) => [name, health.state]))
    })
  }
}

/** Registers, for every exporter of a configuration, whether it could deliver: tried without sending anything. */
export function registerDestinations(service: DiagnosticService, config: LoadedConfig, options: HostOptions): void {
  for (const { name, plugin, config: settings } of config.exporters) {
    service.register(name, `Whether ${name} could deliver.`, category, (context) => {
      const exporter = plugin.create({ name, config: settings as never, host: createHost(plugin, options) })
      return tryOut(exporter, context)
    })
  }
}

/** Starts it, connects to where it sends to if that is an address (or where it listens), and stops it. */
async function tryOut(exporter: EventExporter<Batch>, context: Context): Promise<DiagnosticDetails> {
  await exporter.start?.(context)
  try {
    const { destination = '' } = exporter
    const address = URL.parse(destination)
    if (address?.hostname) await reach(address, context.signal)
    const health = exporter.health?.() ?? healthy
    if ('reason' in health) throw new Error(health.reason)
    return { destination }
  } finally {
    await exporter.stop?.(createContext())
  }
}

const usualPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'postgresql:': 5432, 'postgres:': 5432, 'nats:': 4222 }

function reach({ hostname, port, protocol }: URL, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const host = hostname.replace(/^\[|\]$/g, '')
    const socket = connect({ host, port: Number(port) || (usualPorts[protocol] ?? 443) })
    const fail = (thrown: unknown) => {
      socket.destroy()
      reject(new Error(`cannot connect to ${host}: ${(toError(thrown) as NodeJS.ErrnoException).code ?? toError(thrown).message}`))
    }
    signal.addEventListener('abort', () => fail(signal.reason), { once: true })
    socket.once('error', fail)
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
  })
}
