import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Host, WaybillError } from '../core/index.ts'

/**
 * Imports packages that are not installed with Waybill: those beside it, or in the working directory. `requires` has the version ranges
 * that are known, by the names of the packages. Rejects with WaybillError `PACKAGE_MISSING` with the command that installs it, or
 * `PACKAGE_VERSION` with both versions.
 */
export const packageLoader =
  (requires: Readonly<Record<string, string>> = {}): Host['load'] =>
  (name) =>
    load(name, requires[name])

async function load<Module>(name: string, range: string | undefined): Promise<Module> {
  const path = resolvePackage(name)
  const hint = `run: npm install "${name}${range ? `@${range}` : ''}"`
  if (!path) throw new WaybillError('PACKAGE_MISSING', `the package ${name} is not installed`, { hint })
  const found = versionAt(path, name)
  if (range && found && majorOf(range) !== majorOf(found))
    throw new WaybillError('PACKAGE_VERSION', `${name} ${range} is needed and ${found} is installed`, { hint })
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
