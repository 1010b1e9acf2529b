import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { systemClock } from '../core/clock.ts'
import { WaybillError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { AnyPlugin, Host } from '../core/plugin.ts'

export interface HostOptions {
  readonly dataDir: string
  readonly log: Log
}

/** The world as a plugin of the agent may use it. */
export function createHost(plugin: AnyPlugin, { dataDir, log }: HostOptions): Host {
  return {
    load: (packageName) => loadPackage(packageName, plugin.requires?.[packageName]),
    clock: systemClock,
    random: Math.random,
    fetch: (...request) => globalThis.fetch(...request),
    log,
    dataDir,
  }
}

/**
 * Imports a package that is installed beside Waybill or in the working directory.
 * Throws WaybillError `PACKAGE_MISSING` with the command that installs it, or `PACKAGE_VERSION` with both versions.
 */
async function loadPackage<Module>(name: string, range: string | undefined): Promise<Module> {
  const path = resolvePackage(name)
  const wanted = `${name}${range ? `@${range}` : ''}`
  if (!path) throw new WaybillError('PACKAGE_MISSING', `the package ${name} is not installed`, { hint: `run: npm install "${wanted}"` })
  const found = versionAt(path, name)
  if (range && found && majorOf(range) !== majorOf(found)) {
    throw new WaybillError('PACKAGE_VERSION', `${name} ${range} is needed and ${found} is installed`, {
      hint: `run: npm install "${wanted}"`,
    })
  }
  return (await import(pathToFileURL(path).href)) as Module
}

function resolvePackage(name: string): string | undefined {
  for (const from of [import.meta.url, pathToFileURL(join(process.cwd(), 'package.json')).href]) {
    try {
      return createRequire(from).resolve(name)
    } catch {
      // Looked for in the next place; the caller says that it is nowhere.
    }
  }
  return undefined
}

function versionAt(path: string, name: string): string | undefined {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string; version?: string }
      if (manifest.name === name) return manifest.version
    } catch {
      // Not the package's own folder: one further up has its manifest.
    }
  }
  return undefined
}

const majorOf = (version: string): string | undefined => /\d+/.exec(version)?.[0]
